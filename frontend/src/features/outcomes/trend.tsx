import { day } from "../../shared/lib/format";
import classes from "./outcomes.module.css";
import type { MeasureOut } from "./queries";
import { figure, nameOf } from "./wording";

const WIDTH = 460;
const HEIGHT = 120;
const LEFT = 30;
const RIGHT = 56;
const TOP = 14;
const BOTTOM = 22;

/** The scores of one measure over time, with the line from which the change matters. */
export function Trend({ measure }: { measure: MeasureOut }) {
  const { instrument } = measure;
  const scores = measure.scores.filter((score) => !score.superseded_by);
  const scored = scores.filter((score) => score.score !== null);
  const baseline = scored[0];
  if (scored.length < 2 || !baseline) return null;
  const times = scores.map((score) => new Date(score.taken_at).getTime());
  const from = Math.min(...times);
  const until = Math.max(...times, from + 1);
  const most = Math.max(instrument.worst_score, instrument.best_score);
  const x = (at: string) =>
    LEFT + ((new Date(at).getTime() - from) / (until - from)) * (WIDTH - LEFT - RIGHT);
  const y = (value: number) => HEIGHT - BOTTOM - (value / most) * (HEIGHT - TOP - BOTTOM);
  const line = scored.map((score) => `${x(score.taken_at)},${y(score.score ?? 0)}`).join(" ");
  const better = instrument.higher_better ? 1 : -1;
  const goal = instrument.mcid ? (baseline.score ?? 0) + better * instrument.mcid.value : null;
  const within = goal !== null && goal >= 0 && goal <= most;
  const title = `${nameOf(instrument)}: ${scored.map((score) => figure(score.score ?? 0)).join(", then ")}`;
  return (
    <svg className={classes.trend} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={title}>
      <line x1={LEFT} x2={WIDTH - RIGHT} y1={y(0)} y2={y(0)} className={classes.axis} />
      <line x1={LEFT} x2={WIDTH - RIGHT} y1={y(most)} y2={y(most)} className={classes.axis} />
      <text x={LEFT - 5} y={y(0) + 4} className={classes.tick} textAnchor="end">
        0
      </text>
      <text x={LEFT - 5} y={y(most) + 4} className={classes.tick} textAnchor="end">
        {most}
      </text>
      {within && goal !== null && (
        <>
          <line x1={LEFT} x2={WIDTH - RIGHT} y1={y(goal)} y2={y(goal)} className={classes.goal} />
          <text x={WIDTH - RIGHT + 20} y={y(goal) + 4} className={classes.tick}>
            MCID
          </text>
        </>
      )}
      <polyline points={line} className={classes.line} />
      {scores.map((score) =>
        score.score === null ? (
          <text
            key={score.id}
            x={x(score.taken_at)}
            y={y(0) - 4}
            className={classes.none}
            textAnchor="middle"
          >
            ×
          </text>
        ) : (
          <g key={score.id}>
            <circle cx={x(score.taken_at)} cy={y(score.score)} r={4} className={classes.dot} />
            <text
              x={x(score.taken_at)}
              y={y(score.score) < TOP + 12 ? y(score.score) + 16 : y(score.score) - 8}
              className={classes.value}
              textAnchor="middle"
            >
              {figure(score.score)}
            </text>
          </g>
        ),
      )}
      <text x={LEFT} y={HEIGHT - 5} className={classes.tick}>
        {day(scores[0]?.taken_at.slice(0, 10))}
      </text>
      <text x={WIDTH - RIGHT} y={HEIGHT - 5} className={classes.tick} textAnchor="end">
        {day(scores.at(-1)?.taken_at.slice(0, 10))}
      </text>
    </svg>
  );
}
