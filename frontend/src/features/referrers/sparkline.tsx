const WIDTH = 72;
const HEIGHT = 22;

/** Six months of referrals as a line; the words beside it say the same. */
export function Sparkline({ values }: { values: number[] }) {
  const most = Math.max(...values, 1);
  const step = WIDTH / (values.length - 1);
  const at = (value: number) => HEIGHT - 3 - (value / most) * (HEIGHT - 6);
  const points = values.map((value, index) => `${index * step},${at(value)}`).join(" ");
  return (
    <svg width={WIDTH} height={HEIGHT} viewBox={`-3 0 ${WIDTH + 6} ${HEIGHT}`} aria-hidden="true">
      <polyline points={points} fill="none" stroke="#0f766e" strokeWidth={1.75} strokeLinejoin="round" />
      <circle cx={WIDTH} cy={at(values.at(-1) ?? 0)} r={2.5} fill="#0f766e" />
    </svg>
  );
}
