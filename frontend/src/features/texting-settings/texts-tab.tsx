import { Badge, Button, Group, Text, UnstyledButton } from "@mantine/core";
import { ArrowLeft, Plus } from "lucide-react";
import { useState } from "react";
import { Empty, Failed, Loading } from "../../shared/ui/states";
import { useMay } from "../session";
import { NewText } from "./new-text";
import { type TemplateOut, useTemplates } from "./queries";
import { TextEditor } from "./text-editor";
import classes from "./texting-settings.module.css";

const NEW = "new";

/** The practice's texts: choose one, change it, see at once how it reads. */
export function TextsTab() {
  const templates = useTemplates();
  const may = useMay("settings:write");
  const [chosen, setChosen] = useState<string | null>(null);
  // Kept while one looks at another text.
  const [drafts, setDrafts] = useState<Record<string, string>>({});
  if (templates.isPending) return <Loading label="Loading texts" />;
  if (templates.isError) return <Failed error={templates.error} retry={() => templates.refetch()} />;
  const items = templates.data.items;
  const shown = items.find((item) => item.id === chosen) ?? (chosen === NEW ? undefined : items[0]);
  const draftOf = (item: TemplateOut) => drafts[item.id] ?? item.body;
  const keep = (id: string, body: string | null) =>
    setDrafts(({ [id]: _, ...others }) => (body === null ? others : { ...others, [id]: body }));
  return (
    <div className={classes.texts} data-chosen={chosen !== null || undefined}>
      <nav className={classes.list} aria-label="Texts">
        {items.map((item) => (
          <UnstyledButton
            key={item.id}
            className={classes.entry}
            aria-current={shown?.id === item.id || undefined}
            onClick={() => setChosen(item.id)}
          >
            <Group justify="space-between" wrap="nowrap" gap="xs">
              <Text fw={550} size="sm" lineClamp={1}>
                {item.name}
              </Text>
              <State item={item} unsaved={draftOf(item) !== item.body} />
            </Group>
            <Text size="xs" c="dimmed" lineClamp={1}>
              {item.body}
            </Text>
          </UnstyledButton>
        ))}
        {may && (
          <Button
            variant="default"
            fullWidth
            mt="xs"
            leftSection={<Plus size={16} />}
            onClick={() => setChosen(NEW)}
          >
            Add a text
          </Button>
        )}
      </nav>
      <div className={classes.editor}>
        <Button
          className={classes.back}
          variant="subtle"
          size="compact-sm"
          leftSection={<ArrowLeft size={16} />}
          onClick={() => setChosen(null)}
        >
          All texts
        </Button>
        {chosen === NEW ? (
          <NewText onMade={setChosen} onCancel={() => setChosen(null)} />
        ) : shown ? (
          <TextEditor
            key={shown.id}
            template={shown}
            draft={draftOf(shown)}
            onDraft={(body) => keep(shown.id, body === shown.body ? null : body)}
            onGone={() => setChosen(null)}
          />
        ) : (
          <Empty title="No texts yet">Add one to reuse it.</Empty>
        )}
      </div>
    </div>
  );
}

function State({ item, unsaved }: { item: TemplateOut; unsaved: boolean }) {
  if (unsaved) {
    return (
      <Badge size="sm" variant="light" color="orange">
        Not saved
      </Badge>
    );
  }
  if (item.problems.length > 0) {
    return (
      <Badge size="sm" variant="light" color="red">
        To correct
      </Badge>
    );
  }
  return item.standard ? null : (
    <Badge size="sm" variant="light" color="gray">
      Own
    </Badge>
  );
}
