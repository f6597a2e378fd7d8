import { ActionIcon, Button, CopyButton, Group, Modal, Select, Text, TextInput } from "@mantine/core";
import { RotateCw, X } from "lucide-react";
import { type FormEvent, useState } from "react";
import { momentIn } from "../../shared/lib/zones";
import { useMay, useMe } from "../session";
import { useAddFeed, useRevokeFeed, useRotateFeed } from "./mutations";
import { Buttons, List, Panel, Row } from "./parts";
import { type FeedIn, type FeedOut, useClinicians, useFeeds } from "./queries";

const NAMES: { value: NonNullable<FeedIn["names"]>; label: string }[] = [
  { value: "none", label: "No names: “Evaluation”" },
  { value: "initials", label: "Initials: “Evaluation, A. S.”" },
];

/** Calendars that clinicians read on their own phones. */
export function FeedsPanel() {
  const me = useMe();
  const feeds = useFeeds();
  const clinicians = useClinicians().data?.items ?? [];
  const may = useMay("settings:write");
  const rotate = useRotateFeed();
  const revoke = useRevokeFeed();
  const [adding, setAdding] = useState(false);
  const [address, setAddress] = useState<string | null>(null);
  const items = feeds.data?.items ?? [];
  const whose = (feed: FeedOut) =>
    clinicians.find((one) => one.id === feed.clinician_id)?.name ??
    me.locations.find((place) => place.id === feed.location_id)?.name ??
    "A calendar";
  const zone = me.practice.timezone;
  const detail = (feed: FeedOut) =>
    [
      feed.names === "none" ? "No names" : "Initials",
      feed.last_read_at ? `Last read ${momentIn(zone, feed.last_read_at)}` : "Never read yet",
    ].join(" · ");
  return (
    <Panel
      title="Calendar feeds"
      about="A secret address that calendar programs on phones and PCs subscribe to. It shows times and kinds of visits, never who a patient is."
      query={feeds}
      empty={
        items.length === 0 && { title: "No feeds yet", text: "Make one for a clinician or a whole clinic." }
      }
      add={may && { label: "New feed", onClick: () => setAdding(true) }}
    >
      <List>
        {items.map((feed) => (
          <Row key={feed.id} name={whose(feed)} detail={detail(feed)}>
            {may && (
              <>
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  aria-label={`New address for ${whose(feed)}`}
                  onClick={() =>
                    rotate.mutate(
                      { path: { feed_id: feed.id }, body: { version: feed.version } },
                      { onSuccess: (made) => setAddress(made.url) },
                    )
                  }
                >
                  <RotateCw size={16} />
                </ActionIcon>
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  aria-label={`Take back the feed of ${whose(feed)}`}
                  onClick={() => revoke.mutate({ path: { feed_id: feed.id } })}
                >
                  <X size={16} />
                </ActionIcon>
              </>
            )}
          </Row>
        ))}
      </List>
      {adding && (
        <NewFeed
          onClose={() => setAdding(false)}
          onMade={(url) => {
            setAdding(false);
            setAddress(url);
          }}
        />
      )}
      {address && <Address url={address} onClose={() => setAddress(null)} />}
    </Panel>
  );
}

function NewFeed({ onClose, onMade }: { onClose: () => void; onMade: (url: string) => void }) {
  const me = useMe();
  const clinicians = (useClinicians().data?.items ?? []).filter((one) => one.active);
  const add = useAddFeed();
  const [whose, setWhose] = useState<string | null>(null);
  const [names, setNames] = useState<NonNullable<FeedIn["names"]>>("none");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const place = me.locations.some((found) => found.id === whose);
    const body = { clinician_id: place ? null : whose, location_id: place ? whose : null, names };
    add.mutate({ body }, { onSuccess: (made) => onMade(made.url) });
  };
  return (
    <Modal opened onClose={onClose} title="New feed">
      <form onSubmit={submit}>
        <Select
          label="Whose calendar"
          required
          searchable
          data={[
            { group: "Clinicians", items: clinicians.map(({ id, name }) => ({ value: id, label: name })) },
            { group: "Clinics", items: me.locations.map(({ id, name }) => ({ value: id, label: name })) },
          ]}
          value={whose}
          onChange={setWhose}
        />
        <Select
          mt="sm"
          label="How patients are named"
          description="Other people may see a phone's calendar."
          allowDeselect={false}
          data={NAMES}
          value={names}
          onChange={(value) => value && setNames(value as NonNullable<FeedIn["names"]>)}
        />
        <Buttons busy={add.isPending} disabled={!whose} onClose={onClose} />
      </form>
    </Modal>
  );
}

function Address({ url, onClose }: { url: string; onClose: () => void }) {
  return (
    <Modal opened onClose={onClose} title="The feed's address">
      <Text size="sm" mb="sm">
        Whoever has it can read this calendar. It is shown only now: copy it into the calendar program, as a
        subscription. If it gets lost, make a new address.
      </Text>
      <TextInput
        label="Address"
        readOnly
        data-autofocus
        value={url}
        onFocus={(event) => event.currentTarget.select()}
      />
      <Group justify="flex-end" mt="lg">
        <CopyButton value={url}>
          {({ copied, copy }) => (
            <Button variant="default" onClick={copy}>
              {copied ? "Copied" : "Copy"}
            </Button>
          )}
        </CopyButton>
        <Button onClick={onClose}>Done</Button>
      </Group>
    </Modal>
  );
}
