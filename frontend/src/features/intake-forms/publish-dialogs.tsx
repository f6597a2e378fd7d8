import { Button, Group, Modal, Text, UnstyledButton } from "@mantine/core";
import { moment } from "../../shared/lib/format";
import classes from "./editor.module.css";
import { placeOf, sentence } from "./findings";
import { usePublishForm, useRestoreForm } from "./mutations";
import type { Form, FormDetail } from "./queries";

interface Props {
  detail: FormDetail;
  form: Form;
  version: () => number;
  onDone: (detail: FormDetail) => void;
  onClose: () => void;
}

/** What will change for patients, or what must be corrected first. */
export function PublishDialog({
  detail,
  form,
  version,
  onDone,
  onClose,
  onGo,
}: Props & { onGo: (place: { section?: string; question?: string }) => void }) {
  const publish = usePublishForm();
  const errors = detail.problems.filter((one) => one.level === "error");
  const spanish = detail.problems.length - errors.length;
  const go = () =>
    publish.mutate(
      { path: { form_id: detail.id }, body: { version: version() } },
      {
        onSuccess: (next) => {
          onDone(next);
          onClose();
        },
      },
    );
  return (
    <Modal opened onClose={onClose} title={`Publish version ${(detail.published ?? 0) + 1}?`} size="lg">
      {errors.length > 0 ? (
        <>
          <Text size="sm">The form is not finished. Correct this first:</Text>
          <ul className={classes.findings}>
            {errors.map((one) => (
              <li key={`${one.pointer}${one.detail}`}>
                <UnstyledButton
                  onClick={() => {
                    onGo(placeOf(form, one));
                    onClose();
                  }}
                >
                  {sentence(form, one)}
                </UnstyledButton>
              </li>
            ))}
          </ul>
        </>
      ) : detail.changes.length === 0 ? (
        <Text size="sm">Nothing has changed since version {detail.published}.</Text>
      ) : (
        <>
          <Text size="sm">
            Patients who open the form from now on get this version. Who has begun finishes the version they
            began.
          </Text>
          <ul className={classes.changes}>
            {detail.changes.map((change) => (
              <li key={change}>{change}</li>
            ))}
          </ul>
          {spanish > 0 && (
            <Text size="sm" c="dimmed">
              {spanish} {spanish === 1 ? "text has" : "texts have"} no Spanish yet; English is shown there.
            </Text>
          )}
        </>
      )}
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={onClose}>
          Not now
        </Button>
        {errors.length === 0 && detail.changes.length > 0 && (
          <Button loading={publish.isPending} onClick={go}>
            Publish
          </Button>
        )}
      </Group>
    </Modal>
  );
}

/** Every version with what it changed. */
export function HistoryDialog({ detail, version, onDone, onClose }: Omit<Props, "form">) {
  const restore = useRestoreForm();
  const back = (number: number) =>
    restore.mutate(
      { path: { form_id: detail.id }, body: { version: version(), number } },
      {
        onSuccess: (next) => {
          onDone(next);
          onClose();
        },
      },
    );
  return (
    <Modal opened onClose={onClose} title="Versions" size="lg">
      {detail.versions.length === 0 && <Text size="sm">Not published yet.</Text>}
      {detail.versions.map((one) => (
        <section key={one.number} aria-label={`Version ${one.number}`}>
          <Group justify="space-between">
            <Text fw={600} size="sm">
              Version {one.number} · {moment(one.published_at)} · {one.published_by}
            </Text>
            <Button
              size="compact-xs"
              variant="default"
              loading={restore.isPending}
              onClick={() => back(one.number)}
            >
              Make it the draft
            </Button>
          </Group>
          <ul className={classes.changes}>
            {one.changes.map((change) => (
              <li key={change}>{change}</li>
            ))}
          </ul>
        </section>
      ))}
    </Modal>
  );
}
