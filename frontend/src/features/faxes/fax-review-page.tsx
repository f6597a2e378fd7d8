import { useParams } from "@tanstack/react-router";
import { useCallback, useMemo, useState } from "react";
import { Failed, Loading } from "../../shared/ui/states";
import { useMay } from "../session";
import { corrections, type Draft } from "./draft";
import { NEW_PATIENT, type Target } from "./matches";
import { useConfirm } from "./mutations";
import { type ConfirmedSegment, type FaxOut, useFax } from "./queries";
import classes from "./review.module.css";
import { ReviewPanel } from "./review-panel";
import { useReviewKeys } from "./use-review-keys";
import { type View, Viewer } from "./viewer";
import { type Editor, GROUPS } from "./wording";

const EDITORS = new Map(
  GROUPS.flatMap((group) => group.fields.map((spec) => [spec.name, spec.editor] as const)),
);
const editorOf = (name: string): Editor => EDITORS.get(name) ?? { kind: "text" };

export function FaxReviewPage() {
  const { faxId } = useParams({ from: "/desk/faxes/$faxId" });
  const fax = useFax(faxId);
  if (fax.isPending) return <Loading label="Loading the fax" />;
  if (fax.isError) return <Failed error={fax.error} retry={() => fax.refetch()} />;
  return <Review key={faxId} fax={fax.data} />;
}

function Review({ fax }: { fax: FaxOut }) {
  const may = useMay("faxes:write");
  const confirm = useConfirm();
  const [view, setView] = useState<View>({ page: 1, zoom: 1, turn: 0 });
  const [index, setIndex] = useState(0);
  const [draft, setDraft] = useState<Draft>({});
  const [targets, setTargets] = useState<Record<number, Target>>({});
  const [lit, setLit] = useState<string | null>(null);
  const [help, setHelp] = useState(false);
  const segment = fax.segments.find((found) => found.index === index) ?? fax.segments[0];
  const actions = may ? fax.allowed_actions : [];
  const field = lit ? segment?.fields[lit] : undefined;
  const mark = useMemo(() => (field?.box ? { page: field.page, box: field.box } : null), [field]);

  const change = useCallback((part: Partial<View>) => setView((before) => ({ ...before, ...part })), []);
  const focus = useCallback(
    (name: string) => {
      setLit(name);
      const page = segment?.fields[name]?.page;
      if (page && segment?.fields[name]?.box) setView((before) => ({ ...before, page, turn: 0 }));
    },
    [segment],
  );
  const edit = useCallback(
    (name: string, value: string) =>
      setDraft((before) => ({ ...before, [index]: { ...before[index], [name]: value } })),
    [index],
  );
  const file = () => {
    if (!actions.includes("confirm") || confirm.isPending) return;
    const segments = fax.segments.map((found): ConfirmedSegment => {
      const target = targets[found.index] ?? NEW_PATIENT;
      return {
        index: found.index,
        fields: corrections(draft, found, editorOf),
        lead_id: target.leadId,
        patient_id: target.leadId ? null : target.patientId,
      };
    });
    confirm.mutate(
      { path: { fax_id: fax.id }, body: { version: fax.version, segments } },
      { onSuccess: () => setDraft({}) },
    );
  };
  const choose = (next: number) => {
    setIndex(next);
    setLit(null);
    const first = fax.segments.find((found) => found.index === next)?.pages[0];
    if (first) change({ page: first });
  };
  useReviewKeys({
    view,
    pages: fax.pages.length,
    onView: change,
    onConfirm: file,
    onHelp: () => setHelp(true),
  });
  return (
    <div className={classes.page}>
      <Viewer fax={fax} view={view} mark={mark} onChange={change} />
      <ReviewPanel
        fax={fax}
        segment={segment}
        actions={actions}
        draft={draft}
        lit={lit}
        target={targets[index] ?? NEW_PATIENT}
        filing={confirm.isPending}
        help={help}
        onHelp={setHelp}
        onSegment={choose}
        onFocus={focus}
        onEdit={edit}
        onTarget={(target) => setTargets({ ...targets, [index]: target })}
        onConfirm={file}
      />
    </div>
  );
}
