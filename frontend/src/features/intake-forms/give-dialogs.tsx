import { Button, CopyButton, Group, Modal, Text } from "@mantine/core";
import { useEffect } from "react";
import { moment } from "../../shared/lib/format";
import { Failed, Loading } from "../../shared/ui/states";
import classes from "./intake.module.css";
import { useHandOver, useShowQr } from "./mutations";

/** A code for the patient's own phone. */
export function QrDialog({ intakeId, onClose }: { intakeId: string; onClose: () => void }) {
  const { mutate, data, error, isPending } = useShowQr();
  useEffect(() => mutate({ path: { intake_id: intakeId } }), [mutate, intakeId]);
  return (
    <Modal opened onClose={onClose} title="Scan to open the form" centered>
      {isPending && <Loading label="Making the code" />}
      {error && <Failed error={error} retry={() => mutate({ path: { intake_id: intakeId } })} />}
      {data && (
        <>
          <img
            className={classes.qr}
            alt="Code with the link to the form"
            src={`data:image/svg+xml;utf8,${encodeURIComponent(data.svg)}`}
          />
          <Text size="sm" ta="center">
            The patient's phone asks for the date of birth. The link works until {moment(data.expires_at)}.
          </Text>
          <Group justify="center" mt="md">
            <CopyButton value={data.url}>
              {({ copied, copy }) => (
                <Button variant="default" onClick={copy}>
                  {copied ? "Copied" : "Copy the link"}
                </Button>
              )}
            </CopyButton>
          </Group>
        </>
      )}
    </Modal>
  );
}

/** The form on this very device. */
export function HandOver({ intakeId, onClose }: { intakeId: string; onClose: () => void }) {
  const handOver = useHandOver();
  return (
    <Modal opened onClose={onClose} title="Hand this device to the patient?" centered>
      <Text size="sm">
        You know who stands before you, so the form opens without a question. You are signed out of Frontdesk
        on this device, so that the patient sees nothing but the form.
      </Text>
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={onClose}>
          Stay signed in
        </Button>
        <Button
          data-autofocus
          loading={handOver.isPending}
          onClick={() => handOver.mutate({ path: { intake_id: intakeId } })}
        >
          Sign out and open the form
        </Button>
      </Group>
    </Modal>
  );
}
