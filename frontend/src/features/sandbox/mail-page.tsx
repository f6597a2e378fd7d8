import { Button, FileButton, Group, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { Paperclip, Send } from "lucide-react";
import { type FormEvent, useState } from "react";
import { PageHead } from "../../shared/ui/page-head";
import { Failed, Loading } from "../../shared/ui/states";
import { useMailbox, useSendMail } from "./mail-queries";
import classes from "./sandbox.module.css";

const EXAMPLE = {
  from: "Ada Sample <ada@example.org>",
  subject: "Appointment",
  text: "Hello, my knee hurts since last week and I would like an appointment.\nYou can reach me at (312) 555-0142.",
};

/** Write to the practice as a patient or a referring office would. */
export function MailPage() {
  const inbox = useMailbox();
  const taken = useMailbox("Frontdesk");
  const send = useSendMail();
  const [mail, setMail] = useState(EXAMPLE);
  const [files, setFiles] = useState<File[]>([]);
  if (inbox.isPending) return <Loading label="Loading the mailbox" />;
  if (inbox.isError) return <Failed error={inbox.error} retry={() => inbox.refetch()} />;
  const text = (name: keyof typeof EXAMPLE) => ({
    value: mail[name],
    onChange: (event: { currentTarget: { value: string } }) =>
      setMail({ ...mail, [name]: event.currentTarget.value }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    send.mutate({ ...mail, files }, { onSuccess: () => setFiles([]) });
  };
  return (
    <div>
      <PageHead title="Send an e-mail" />
      <div className={classes.page}>
        <form onSubmit={submit} className={classes.form} aria-label="Send an e-mail">
          <Stack gap="sm">
            <Text size="sm" c="dimmed">
              To {inbox.data.address}, a mailbox of this sandbox that is read over IMAP as a real one would
              be.
            </Text>
            <TextInput label="From" required {...text("from")} />
            <TextInput label="Subject" {...text("subject")} />
            <Textarea label="Text" autosize minRows={5} {...text("text")} />
            <FileButton multiple onChange={(chosen) => setFiles([...files, ...chosen])}>
              {(props) => (
                <Button {...props} variant="default" leftSection={<Paperclip size={16} />}>
                  {files.length ? files.map((file) => file.name).join(", ") : "Attach a PDF or TIFF"}
                </Button>
              )}
            </FileButton>
            <Group>
              <Button type="submit" leftSection={<Send size={16} />} loading={send.isPending}>
                Send the e-mail
              </Button>
            </Group>
            <Text size="sm">
              Then look at <Link to="/faxes">Faxes</Link>, the <Link to="/board">Board</Link> or{" "}
              <Link to="/arrivals">To check</Link>.
            </Text>
          </Stack>
        </form>
        <div>
          <Mails title="In the inbox, not yet taken in" mails={inbox.data.mails} />
          <Mails title="Taken in" mails={taken.data?.mails ?? []} />
        </div>
      </div>
    </div>
  );
}

function Mails({ title, mails }: { title: string; mails: { id: string; from: string; subject: string }[] }) {
  return (
    <section aria-label={title}>
      <Text component="h2" fw={650} size="md">
        {title}: {mails.length}
      </Text>
      <ul style={{ margin: "4px 0 18px", paddingLeft: 18, overflowWrap: "anywhere" }}>
        {mails.slice(-20).map((mail) => (
          <li key={mail.id}>
            {mail.subject || "(no subject)"}, {mail.from || "nobody"}
          </li>
        ))}
      </ul>
    </section>
  );
}
