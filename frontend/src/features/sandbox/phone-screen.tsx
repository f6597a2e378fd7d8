import { ActionIcon, Badge, Button, FileButton, Group, Text, Textarea } from "@mantine/core";
import { FileText, Image, PhoneMissed, Send, Voicemail } from "lucide-react";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { moment, phone } from "../../shared/lib/format";
import { Failed, Loading } from "../../shared/ui/states";
import { Linked } from "./linked";
import classes from "./phone.module.css";
import { type PhoneText, useCall, usePhone, usePicture, useText } from "./phone-queries";

const QUICK = ["YES", "Tues after 3 or Thurs morning", "STOP"];

/** One patient's phone. */
export function PhoneScreen({ number }: { number: string }) {
  const thread = usePhone(number);
  const call = useCall(number);
  return (
    <section className={classes.device} aria-label={`Phone ${phone(number)}`}>
      <header className={classes.head}>
        <div>
          <Text size="xs" c="dimmed">
            {phone(number)} texts with
          </Text>
          <Text size="sm" fw={650}>
            {phone(thread.data?.our_number)}
          </Text>
        </div>
        {thread.data?.stopped && (
          <Badge color="red" variant="light">
            said STOP
          </Badge>
        )}
      </header>
      {thread.isPending && <Loading label="Loading texts" />}
      {thread.isError && <Failed error={thread.error} retry={() => thread.refetch()} />}
      {thread.isSuccess && <Thread texts={thread.data.texts} />}
      <Composer number={number} />
      <Group gap={6} className={classes.calls} grow preventGrowOverflow={false}>
        <Button
          size="xs"
          variant="default"
          leftSection={<PhoneMissed size={14} />}
          loading={call.isPending && call.variables === "hang_up"}
          onClick={() => call.mutate("hang_up")}
        >
          Call and hang up
        </Button>
        <Button
          size="xs"
          variant="default"
          leftSection={<Voicemail size={14} />}
          loading={call.isPending && call.variables === "voicemail"}
          onClick={() => call.mutate("voicemail")}
        >
          Call and leave a voicemail
        </Button>
      </Group>
    </section>
  );
}

function Thread({ texts }: { texts: PhoneText[] }) {
  const log = useRef<HTMLDivElement>(null);
  const count = texts.length;
  useEffect(() => {
    if (count && log.current) log.current.scrollTop = log.current.scrollHeight;
  }, [count]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
    <div ref={log} className={classes.thread} role="log" aria-label="Texts" tabIndex={0}>
      {count === 0 && (
        <Text size="sm" c="dimmed" ta="center" mt="xl">
          Nothing yet. Write the first text below.
        </Text>
      )}
      {texts.map((text) => (
        <Bubble key={text.sid} text={text} />
      ))}
    </div>
  );
}

function Bubble({ text }: { text: PhoneText }) {
  const who = text.from_patient ? "You" : text.from_carrier ? "The carrier" : "The clinic";
  return (
    <article className={classes.row} data-mine={text.from_patient || undefined}>
      <div className={classes.bubble} data-mine={text.from_patient || undefined}>
        {text.media.map((item) =>
          item.content_type.startsWith("image/") ? (
            <img key={item.url} src={item.url} alt={`From: ${who}`} className={classes.picture} />
          ) : (
            <a key={item.url} href={item.url} target="_blank" rel="noreferrer" className={classes.file}>
              <FileText size={15} aria-hidden /> {item.content_type}
            </a>
          ),
        )}
        {text.body && (
          <span className={classes.body}>
            <Linked text={text.body} />
          </span>
        )}
      </div>
      <Text size="xs" c="dimmed">
        {who} · {moment(text.at)}
      </Text>
    </article>
  );
}

function Composer({ number }: { number: string }) {
  const [body, setBody] = useState("");
  const text = useText(number);
  const picture = usePicture(number);
  const send = (words: string) => {
    if (words.trim()) text.mutate(words, { onSuccess: () => setBody("") });
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      send(body);
    }
  };
  return (
    <div className={classes.composer}>
      <Group gap={6} mb={8}>
        {QUICK.map((words) => (
          <Button
            key={words}
            size="compact-xs"
            radius="xl"
            variant="light"
            color={words === "STOP" ? "red" : undefined}
            onClick={() => text.mutate(words)}
          >
            {words}
          </Button>
        ))}
      </Group>
      <Group gap={6} wrap="nowrap" align="flex-end">
        <FileButton
          inputProps={{ "aria-label": "Photo or file" }}
          accept="image/*,application/pdf,text/vcard,.vcf"
          onChange={(file) => file && picture.mutate({ file, body }, { onSuccess: () => setBody("") })}
        >
          {(props) => (
            <ActionIcon
              {...props}
              size={36}
              variant="default"
              loading={picture.isPending}
              aria-label="Send a photo or file"
            >
              <Image size={17} />
            </ActionIcon>
          )}
        </FileButton>
        <Textarea
          className={classes.input}
          aria-label="Text as the patient"
          placeholder="Text message"
          autosize
          minRows={1}
          maxRows={5}
          maxLength={1600}
          value={body}
          onChange={(event) => setBody(event.currentTarget.value)}
          onKeyDown={onKey}
        />
        <ActionIcon
          size={36}
          aria-label="Send"
          loading={text.isPending}
          disabled={!body.trim()}
          onClick={() => send(body)}
        >
          <Send size={17} />
        </ActionIcon>
      </Group>
    </div>
  );
}
