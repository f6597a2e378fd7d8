import { type PointerEvent, useRef, useState } from "react";
import { useWords } from "../../words/language";
import type { FieldProps } from "../field";
import { intakeWords } from "../intake.words";
import type { Of, SignatureAnswer, Stroke } from "../types";

const WIDTH = 1000;
const HEIGHT = 300;
const MOST_POINTS = 3500;
// Closer points than this add nothing to the line.
const NEAR = 6;

/** Drawn with a finger, or typed; the name is always typed, so that it can be read. */
export function SignatureField({
  id,
  value,
  onChange,
  wrong,
  describedBy,
}: FieldProps<Of<"signature">, SignatureAnswer>) {
  const t = useWords(intakeWords);
  const [kind, setKind] = useState(value?.kind ?? "drawn");
  const { name = "", strokes = [] } = value ?? {};
  const keep = (next: SignatureAnswer) => onChange(next.name.trim() || next.strokes.length > 0 ? next : null);
  const choose = (next: "drawn" | "typed") => {
    setKind(next);
    keep({ kind: next, name, strokes: next === "typed" ? [] : strokes });
  };
  return (
    <div>
      <label className="field">
        {t("sign.name")}
        <input
          id={id}
          value={name}
          autoComplete="name"
          maxLength={200}
          aria-invalid={wrong}
          aria-describedby={describedBy}
          onChange={(event) => keep({ kind, name: event.target.value, strokes })}
        />
      </label>
      <div className="tabs">
        <button type="button" aria-pressed={kind === "drawn"} onClick={() => choose("drawn")}>
          {t("sign.draw")}
        </button>
        <button type="button" aria-pressed={kind === "typed"} onClick={() => choose("typed")}>
          {t("sign.type")}
        </button>
      </div>
      {kind === "typed" ? (
        <p className="typed-signature">
          <span>{name}</span>
          <small>{t("sign.typed")}</small>
        </p>
      ) : (
        <Pad strokes={strokes} onChange={(next) => keep({ kind: "drawn", name, strokes: next })} />
      )}
    </div>
  );
}

function Pad({ strokes, onChange }: { strokes: Stroke[]; onChange: (strokes: Stroke[]) => void }) {
  const t = useWords(intakeWords);
  const [current, setCurrent] = useState<Stroke | null>(null);
  const line = useRef<Stroke | null>(null);
  const count = strokes.reduce((sum, stroke) => sum + stroke.length, 0);

  const at = (event: PointerEvent<SVGSVGElement>): [number, number] => {
    const box = event.currentTarget.getBoundingClientRect();
    const x = Math.round(((event.clientX - box.left) / box.width) * WIDTH);
    const y = Math.round(((event.clientY - box.top) / box.height) * HEIGHT);
    return [Math.min(WIDTH, Math.max(0, x)), Math.min(HEIGHT, Math.max(0, y))];
  };
  const begin = (event: PointerEvent<SVGSVGElement>) => {
    if (count >= MOST_POINTS) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    line.current = [at(event)];
    setCurrent(line.current);
  };
  const draw = (event: PointerEvent<SVGSVGElement>) => {
    const points = line.current;
    if (!points) return;
    const [x, y] = at(event);
    const last = points[points.length - 1];
    if (last && Math.abs(last[0] - x) < NEAR && Math.abs(last[1] - y) < NEAR) return;
    if (count + points.length >= MOST_POINTS) return;
    line.current = [...points, [x, y]];
    setCurrent(line.current);
  };
  const end = () => {
    if (line.current) onChange([...strokes, line.current]);
    line.current = null;
    setCurrent(null);
  };
  return (
    <div className="pad">
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        role="img"
        aria-label={t("sign.pad")}
        onPointerDown={begin}
        onPointerMove={draw}
        onPointerUp={end}
        onPointerCancel={end}
      >
        <line x1="40" x2="960" y1="240" y2="240" className="base" />
        {[...strokes, ...(current ? [current] : [])].map((stroke, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: strokes are only added
          <polyline key={index} points={dotted(stroke)} className="ink" />
        ))}
      </svg>
      <button type="button" className="linklike" onClick={() => onChange([])}>
        {t("sign.clear")}
      </button>
    </div>
  );
}

/** A dot is a line to itself. */
function dotted(stroke: Stroke): string {
  const points = stroke.length === 1 ? [...stroke, ...stroke] : stroke;
  return points.map((point) => point.join(",")).join(" ");
}
