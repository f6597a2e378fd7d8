import { monitorForElements } from "@atlaskit/pragmatic-drag-and-drop/element/adapter";
import { type Edge, extractClosestEdge } from "@atlaskit/pragmatic-drag-and-drop-hitbox/closest-edge";
import { Alert, Button, Group, Text, TextInput, VisuallyHidden } from "@mantine/core";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { ArrowLeft, History, Send } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { announce } from "../../shared/a11y/announce";
import { Failed, Loading } from "../../shared/ui/states";
import { placed, questionsOf, sectionsOf } from "./draft";
import classes from "./editor.module.css";
import { PhonePreview } from "./phone-preview";
import { HistoryDialog, PublishDialog } from "./publish-dialogs";
import { type Form, type FormDetail, useForm } from "./queries";
import { SectionEditor } from "./section-editor";
import { SectionList } from "./section-list";
import { type Keeping, useDraft } from "./use-draft";
import { WordsFields } from "./words-fields";

const route = getRouteApi("/desk/settings/forms/$formId");

/** The builder: sections, questions, and the form on a phone beside them. */
export function FormEditorPage() {
  const { formId } = route.useParams();
  const found = useForm(formId);
  if (found.isPending) return <Loading label="Loading the form" />;
  if (found.isError) return <Failed error={found.error} retry={() => found.refetch()} />;
  return <Editor key={formId} detail={found.data} reload={() => found.refetch()} />;
}

function Editor({ detail, reload }: { detail: FormDetail; reload: () => Promise<{ data?: FormDetail }> }) {
  const draft = useDraft(detail);
  const go = useNavigate();
  const { form, setForm } = draft;
  const sections = sectionsOf(form);
  const [sectionId, setSectionId] = useState(sections[0]?.id);
  const [open, setOpen] = useState<string | null>(null);
  const [dialog, setDialog] = useState<"publish" | "history" | null>(null);
  const section = sections.find((one) => one.id === sectionId) ?? sections[0];
  useDrops(form, setForm);

  const show = async (next: "publish" | "history") => {
    await draft.flush();
    setDialog(next);
  };
  const loadAgain = async () => {
    const { data } = await reload();
    if (data) draft.replace(data);
  };
  return (
    <div>
      <VisuallyHidden component="h1">Edit form {draft.name}</VisuallyHidden>
      <div className={classes.bar}>
        <Button
          variant="subtle"
          size="compact-sm"
          leftSection={<ArrowLeft size={15} aria-hidden />}
          onClick={() => go({ to: "/settings", search: { tab: "forms" } })}
        >
          All forms
        </Button>
        <TextInput
          aria-label="Name of the form"
          w={260}
          maxLength={120}
          error={draft.name.trim() ? undefined : "Give it a name."}
          value={draft.name}
          onChange={(event) => draft.setName(event.currentTarget.value)}
        />
        <Kept keeping={draft.keeping} />
        <Group gap="xs" ml="auto">
          <Text size="sm" c="dimmed">
            {detail.published ? `Version ${detail.published} is published` : "Not published yet"}
          </Text>
          <Button variant="default" leftSection={<History size={15} />} onClick={() => show("history")}>
            Versions
          </Button>
          <Button leftSection={<Send size={15} />} onClick={() => show("publish")}>
            Publish…
          </Button>
        </Group>
      </div>
      {(draft.keeping === "stale" || draft.keeping === "failed") && (
        <Alert color="red" variant="light" mx="lg" mb="md" title="Not saved">
          <Text size="sm" mb={8}>
            {draft.why}
          </Text>
          <Button size="xs" variant="default" onClick={loadAgain}>
            Load it again
          </Button>
        </Alert>
      )}
      <div className={classes.page}>
        <SectionList
          form={form}
          current={section?.id}
          findings={detail.problems}
          onChange={setForm}
          onGo={(id) => {
            setSectionId(id);
            setOpen(null);
          }}
        />
        <div>
          {section === sections[0] && <Head form={form} setForm={setForm} />}
          {section && (
            <SectionEditor
              key={section.id}
              form={form}
              section={section}
              findings={detail.problems}
              open={open}
              onOpen={setOpen}
              onChange={setForm}
              onRemoved={() => setSectionId(sections.find((one) => one.id !== section.id)?.id)}
            />
          )}
        </div>
        <PhonePreview form={form} section={section?.id} />
      </div>
      {dialog === "publish" && (
        <PublishDialog
          detail={detail}
          form={form}
          version={draft.version}
          onDone={draft.replace}
          onClose={() => setDialog(null)}
          onGo={(place) => {
            if (place.section) setSectionId(place.section);
            setOpen(place.question ?? null);
          }}
        />
      )}
      {dialog === "history" && (
        <HistoryDialog
          detail={detail}
          version={draft.version}
          onDone={draft.replace}
          onClose={() => setDialog(null)}
        />
      )}
    </div>
  );
}

function Head({ form, setForm }: { form: Form; setForm: (form: Form) => void }) {
  return (
    <div className={classes.section} style={{ marginBottom: 14 }}>
      <WordsFields
        label="Title of the form"
        value={form.title}
        required
        most={120}
        onChange={(title) => setForm({ ...form, title })}
      />
      <WordsFields
        label="Introduction"
        value={form.intro}
        onChange={(intro) => setForm({ ...form, intro: intro.en || intro.es ? intro : null })}
      />
    </div>
  );
}

const WORDS: Record<Keeping, string> = {
  saved: "Draft saved",
  saving: "Saving…",
  stale: "Not saved",
  failed: "Not saved",
};

function Kept({ keeping }: { keeping: Keeping }) {
  return (
    <Text size="sm" c="dimmed" role="status">
      {WORDS[keeping]}
    </Text>
  );
}

/** A question dropped on another one, or on the name of a section. */
function useDrops(form: Form, setForm: (form: Form) => void) {
  const latest = useRef({ form, setForm });
  latest.current = { form, setForm };
  useEffect(
    () =>
      monitorForElements({
        canMonitor: ({ source }) => typeof source.data.questionId === "string",
        onDrop: ({ source, location }) => {
          const target = location.current.dropTargets[0]?.data;
          const { form: now, setForm: set } = latest.current;
          if (!target || target.questionId === source.data.questionId) return;
          const sectionId = String(target.sectionId);
          const others = sectionsOf(now).find((one) => one.id === sectionId);
          if (!others) return;
          const list = questionsOf(others).filter((one) => one.id !== source.data.questionId);
          const edge: Edge | null = extractClosestEdge(target);
          const at = list.findIndex((one) => one.id === target.questionId);
          const index = at < 0 ? list.length : at + (edge === "bottom" ? 1 : 0);
          set(placed(now, String(source.data.questionId), sectionId, index));
          announce(`Question moved to place ${index + 1} of ${others.title.en}`);
        },
      }),
    [],
  );
}
