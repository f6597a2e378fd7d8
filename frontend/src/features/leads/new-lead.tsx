import { Button, Modal, Tooltip } from "@mantine/core";
import { useDisclosure, useHotkeys } from "@mantine/hooks";
import type { ReactNode } from "react";
import { useMay } from "../session";
import { NewLeadForm } from "./new-lead-form";

/** A lead that came by phone or at the desk; `n` opens it from anywhere. */
export function NewLeadButton({ icon }: { icon: ReactNode }) {
  const [opened, { open, close }] = useDisclosure();
  const may = useMay("leads:write");
  useHotkeys([["n", () => may && open()]]);
  if (!may) return null;
  return (
    <>
      <Tooltip label="Press n">
        <Button leftSection={icon} onClick={open} visibleFrom="xs" aria-keyshortcuts="n">
          New lead
        </Button>
      </Tooltip>
      <Button onClick={open} hiddenFrom="xs" px={10} aria-label="New lead">
        {icon}
      </Button>
      <Modal opened={opened} onClose={close} title="New lead" size="lg" transitionProps={{ duration: 0 }}>
        <NewLeadForm onDone={close} />
      </Modal>
    </>
  );
}
