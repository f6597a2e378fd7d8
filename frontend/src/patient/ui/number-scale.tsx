interface Props {
  id: string;
  value: number | null | undefined;
  onChange: (value: number) => void;
  /** What the lowest and the highest number mean. */
  low: string;
  high: string;
  lowest?: number;
  highest?: number;
}

/** Numbers to tap, with what the ends mean. */
export function NumberScale({ id, value, onChange, low, high, lowest = 0, highest = 10 }: Props) {
  const numbers: number[] = [];
  for (let number = lowest; number <= highest; number += 1) numbers.push(number);
  const said = (number: number) =>
    number === lowest ? `${number}: ${low}` : number === highest ? `${number}: ${high}` : String(number);
  return (
    <div>
      <div className="scale">
        {numbers.map((number) => (
          <label key={number} className="number">
            <input
              type="radio"
              name={id}
              className="quiet"
              checked={value === number}
              aria-label={said(number)}
              onChange={() => onChange(number)}
            />
            <span aria-hidden="true">{number}</span>
          </label>
        ))}
      </div>
      <div className="ends" aria-hidden="true">
        <span>{said(lowest)}</span>
        <span>{said(highest)}</span>
      </div>
    </div>
  );
}
