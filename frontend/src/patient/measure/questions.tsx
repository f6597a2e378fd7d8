import { NumberScale } from "../ui/number-scale";
import { useLanguage, useWords } from "../words/language";
import { measureWords } from "./measure.words";
import { type Given, givenOf, labelsOf, type Screen, wordsOf } from "./screens";

interface Props {
  screen: Screen;
  given: Given;
  onChange: (given: Given) => void;
  /** A tap has answered all there is on this screen. */
  onTapped: () => void;
}

const PAIN = ["pain.now", "pain.best", "pain.worst"] as const;
const MOST_ACTIVITIES = 5;

function put<T>(list: T[], index: number, value: T): T[] {
  return list.map((one, at) => (at === index ? value : one));
}

/** What one screen asks. */
export function Questions(props: Props) {
  if (props.screen.kind === "pain") return <Pain {...props} />;
  if (props.screen.kind === "hard") return <Hard {...props} />;
  return <Item {...props} />;
}

function Pain({ given, onChange }: Props) {
  const t = useWords(measureWords);
  return (
    <>
      {PAIN.map((name, index) => (
        <fieldset key={name} className="question">
          <legend className="label">{t(name)}</legend>
          <NumberScale
            id={name}
            value={given.items[index]}
            low={t("pain.low")}
            high={t("pain.high")}
            onChange={(value) => onChange({ ...given, items: put(given.items, index, value) })}
          />
        </fieldset>
      ))}
    </>
  );
}

/** The patient's own activities: named the first time, only rated again later. */
function Hard({ screen, given, onChange }: Props) {
  const t = useWords(measureWords);
  const known = screen.measure.activities;
  const names = given.activities ?? [];
  const rate = (index: number, value: number) =>
    onChange({ ...given, items: put(given.items, index, value) });
  return (
    <>
      <p>{t(known ? "hard.again" : "hard.name")}</p>
      {given.items.map((value, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows have no identity of their own
        <fieldset key={index} className="row">
          <legend className="label">{known ? known[index] : t("hard.number", { number: index + 1 })}</legend>
          {!known && (
            <label className="field">
              {t("hard.what")}
              <input
                value={names[index] ?? ""}
                maxLength={120}
                autoComplete="off"
                onChange={(event) =>
                  onChange({ ...given, activities: put(names, index, event.target.value) })
                }
              />
            </label>
          )}
          <fieldset className="inner">
            <legend>{t("hard.how")}</legend>
            <NumberScale
              id={`hard-${index}`}
              value={value}
              low={t("hard.low")}
              high={t("hard.high")}
              onChange={(next) => rate(index, next)}
            />
          </fieldset>
        </fieldset>
      ))}
      {!known && given.items.length < MOST_ACTIVITIES && (
        <button
          type="button"
          className="secondary small"
          onClick={() => onChange({ items: [...given.items, null], activities: [...names, ""] })}
        >
          {t("hard.more")}
        </button>
      )}
    </>
  );
}

/** One question in the words the practice has licensed. */
function Item({ screen, given, onChange, onTapped }: Props) {
  const { language } = useLanguage();
  const { measure, index } = screen;
  const words = wordsOf(measure, language);
  const labels = labelsOf(words, index);
  const text = words?.items[index]?.text ?? "";
  const value = givenOf(measure, { [measure.key]: given }).items[index];
  const choose = (next: number) => onChange({ ...given, items: put(given.items, index, next) });
  const shown = measure.words[language] ? undefined : Object.keys(measure.words)[0];
  return (
    <div lang={shown}>
      {words?.intro && <p className="hint">{words.intro}</p>}
      <fieldset className="question">
        <legend className="label">{text}</legend>
        {labels.length === 2 && measure.highest - measure.lowest > 1 ? (
          <NumberScale
            id={`${measure.key}-${index}`}
            value={value}
            lowest={measure.lowest}
            highest={measure.highest}
            low={labels[0] ?? ""}
            high={labels[1] ?? ""}
            onChange={choose}
          />
        ) : (
          <div className="options">
            {labels.map((label, at) => (
              <label key={label} className="option">
                <input
                  type="radio"
                  name={`${measure.key}-${index}`}
                  checked={value === measure.lowest + at}
                  onChange={() => choose(measure.lowest + at)}
                  // A tap moves on; arrow keys only choose.
                  onClick={(event) => event.detail > 0 && onTapped()}
                />
                <span>{label}</span>
              </label>
            ))}
          </div>
        )}
      </fieldset>
    </div>
  );
}
