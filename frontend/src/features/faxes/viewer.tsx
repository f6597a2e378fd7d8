import { ActionIcon, Group, Text, Tooltip } from "@mantine/core";
import { ChevronLeft, ChevronRight, Download, RotateCw, ZoomIn, ZoomOut } from "lucide-react";
import { useEffect, useRef } from "react";
import type { FaxOut } from "./queries";
import classes from "./review.module.css";

export interface View {
  page: number;
  zoom: number;
  turn: number;
}
export interface Mark {
  page: number;
  box: number[];
}
interface Props {
  fax: FaxOut;
  view: View;
  mark: Mark | null;
  onChange: (change: Partial<View>) => void;
}

const STEPS = [0.5, 0.75, 1, 1.25, 1.5, 2, 3];

/** The next zoom step up or down. */
export function zoomed(zoom: number, direction: 1 | -1): number {
  const at = STEPS.findIndex((step) => step >= zoom - 0.001);
  return STEPS[Math.min(STEPS.length - 1, Math.max(0, at + direction))] ?? zoom;
}

/** The pages of a fax; the place of the chosen field is lit. */
export function Viewer({ fax, view, mark, onChange }: Props) {
  const scroller = useRef<HTMLDivElement>(null);
  const lit = useRef<HTMLDivElement>(null);
  const page = fax.pages.find((found) => found.number === view.page);
  const count = fax.pages.length;

  useEffect(() => {
    if (mark) lit.current?.scrollIntoView({ block: "center", inline: "center", behavior: "smooth" });
  }, [mark]);

  const tools: [string, React.ReactNode, () => void, boolean][] = [
    [
      "Page before  [",
      <ChevronLeft key="b" size={17} />,
      () => onChange({ page: view.page - 1 }),
      view.page <= 1,
    ],
    [
      "Next page  ]",
      <ChevronRight key="n" size={17} />,
      () => onChange({ page: view.page + 1 }),
      view.page >= count,
    ],
    [
      "Smaller  −",
      <ZoomOut key="s" size={17} />,
      () => onChange({ zoom: zoomed(view.zoom, -1) }),
      view.zoom <= 0.5,
    ],
    [
      "Larger  +",
      <ZoomIn key="l" size={17} />,
      () => onChange({ zoom: zoomed(view.zoom, 1) }),
      view.zoom >= 3,
    ],
    ["Turn  r", <RotateCw key="r" size={17} />, () => onChange({ turn: (view.turn + 90) % 360 }), false],
  ];
  return (
    <section className={classes.viewer} aria-label="Pages of the fax">
      <Group className={classes.toolbar} gap={4} justify="space-between" wrap="nowrap">
        <Group gap={4} wrap="nowrap">
          {tools.map(([label, icon, act, off]) => (
            <Tooltip key={label} label={label}>
              <ActionIcon
                variant="subtle"
                color="gray"
                size={30}
                aria-label={label}
                onClick={act}
                disabled={off}
              >
                {icon}
              </ActionIcon>
            </Tooltip>
          ))}
        </Group>
        <Text size="sm" c="dimmed">
          {count > 0 ? `Page ${view.page} of ${count}` : "No pages"} · {Math.round(view.zoom * 100)} %
        </Text>
        <Tooltip label="Original file">
          <ActionIcon
            component="a"
            href={`/api/v1/faxes/${fax.id}/document`}
            download
            variant="subtle"
            color="gray"
            size={30}
            aria-label="Download the original file"
          >
            <Download size={17} />
          </ActionIcon>
        </Tooltip>
      </Group>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <section ref={scroller} className={classes.sheet} tabIndex={0} aria-label="Page image">
        {page && (
          <div
            className={classes.paper}
            style={{ width: `${view.zoom * 100}%`, transform: `rotate(${view.turn}deg)` }}
          >
            <img
              src={page.image_url}
              alt={`Page ${page.number} of the fax`}
              width={page.width}
              height={page.height}
              draggable={false}
            />
            {mark && mark.page === page.number && <Highlight box={mark.box} innerRef={lit} />}
          </div>
        )}
      </section>
      {count > 1 && (
        <nav className={classes.thumbs} aria-label="Pages">
          {fax.pages.map((found) => (
            <button
              key={found.number}
              type="button"
              aria-label={`Page ${found.number}`}
              aria-current={found.number === view.page ? "page" : undefined}
              onClick={() => onChange({ page: found.number })}
            >
              <img src={`${found.image_url}?width=90`} alt="" loading="lazy" />
            </button>
          ))}
        </nav>
      )}
    </section>
  );
}

function Highlight({ box, innerRef }: { box: number[]; innerRef: React.RefObject<HTMLDivElement | null> }) {
  const [x0 = 0, y0 = 0, x1 = 0, y1 = 0] = box;
  const pad = 0.004;
  return (
    <div
      ref={innerRef}
      className={classes.light}
      data-testid="highlight"
      style={{
        left: `${(x0 - pad) * 100}%`,
        top: `${(y0 - pad) * 100}%`,
        width: `${(x1 - x0 + 2 * pad) * 100}%`,
        height: `${(y1 - y0 + 2 * pad) * 100}%`,
      }}
    />
  );
}
