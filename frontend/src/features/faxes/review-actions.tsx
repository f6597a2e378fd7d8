import { ActionIcon, Button, Group, Menu, Tooltip } from "@mantine/core";
import { Ellipsis, Keyboard } from "lucide-react";
import { useState } from "react";
import { AttachDialog, RejectDialog, SplitDialog } from "./dialogs";
import { useAttach, useMerge, useReject, useRetry, useSplit } from "./mutations";
import type { FaxOut } from "./queries";
import classes from "./review.module.css";

interface Props {
  fax: FaxOut;
  actions: string[];
  filing: boolean;
  onConfirm: () => void;
  onHelp: () => void;
}

/** What a person can do with a fax. */
export function ReviewActions({ fax, actions, filing, onConfirm, onHelp }: Props) {
  const [asking, setAsking] = useState<"reject" | "attach" | "split" | null>(null);
  const attach = useAttach();
  const reject = useReject();
  const retry = useRetry();
  const split = useSplit();
  const merge = useMerge();
  const path = { fax_id: fax.id };
  const version = fax.version;
  const close = () => setAsking(null);
  const may = (verb: string) => actions.includes(verb);
  if (actions.length === 0) return null;
  return (
    <footer className={classes.actions}>
      <Group gap="xs" wrap="nowrap">
        {may("confirm") && (
          <Tooltip label="Ctrl Enter">
            <Button flex={1} onClick={onConfirm} loading={filing}>
              Confirm
            </Button>
          </Tooltip>
        )}
        {may("attach") && (
          <Button variant="default" onClick={() => setAsking("attach")}>
            Attach…
          </Button>
        )}
        {!may("confirm") && may("retry") && (
          <Button
            flex={1}
            loading={retry.isPending}
            onClick={() => retry.mutate({ path, body: { version } })}
          >
            Try again
          </Button>
        )}
        {may("reject") && (
          <Button variant="default" c="red.8" onClick={() => setAsking("reject")}>
            Reject…
          </Button>
        )}
        <Menu position="top-end" width={230}>
          <Menu.Target>
            <ActionIcon variant="default" size={36} aria-label="More">
              <Ellipsis size={18} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            {may("confirm") && may("retry") && (
              <Menu.Item onClick={() => retry.mutate({ path, body: { version } })}>Read it again</Menu.Item>
            )}
            {may("split") && fax.pages.length > 1 && (
              <Menu.Item onClick={() => setAsking("split")}>Split between patients…</Menu.Item>
            )}
            {may("merge") && fax.segments.length > 1 && (
              <Menu.Item onClick={() => merge.mutate({ path, body: { version } })}>
                All pages are one patient
              </Menu.Item>
            )}
            <Menu.Item leftSection={<Keyboard size={15} />} onClick={onHelp}>
              Keys
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </Group>
      <RejectDialog
        opened={asking === "reject"}
        onClose={close}
        onGiven={(reason) => reject.mutate({ path, body: { reason, version } }, { onSettled: close })}
      />
      <AttachDialog
        opened={asking === "attach"}
        onClose={close}
        onChosen={(lead_id) => attach.mutate({ path, body: { lead_id, version } }, { onSettled: close })}
      />
      <SplitDialog
        opened={asking === "split"}
        onClose={close}
        pages={fax.pages}
        onGiven={(segments) => split.mutate({ path, body: { segments, version } }, { onSettled: close })}
      />
    </footer>
  );
}
