import { Button, CopyButton, Group, Stack, Text, TextInput } from "@mantine/core";
import { Check, Copy, Link2 } from "lucide-react";
import { day } from "../../shared/lib/format";
import { useMay } from "../session";
import { useCreateLink, useRevokeLink } from "./mutations";
import { type ReferrerLinkOut, type ReferrerProfile, useLinks } from "./queries";
import classes from "./referrer.module.css";

const LISTED = 3;

/** Secure links to the referrer's own page. Their addresses are shown once. */
export function ReferrerLinks({ referrer }: { referrer: ReferrerProfile }) {
  const may = useMay("letters:write");
  const links = useLinks(referrer.id, true);
  const create = useCreateLink();
  const revoke = useRevokeLink();
  const path = { path: { referrer_id: referrer.id } };
  const alive = links.data?.items.filter((link) => link.alive) ?? [];
  return (
    <section className={classes.card} aria-label="Their own page">
      <h2 className={classes.title}>Their own page</h2>
      <Text size="sm" c="dimmed" mb={8}>
        A secure link shows this referrer their patients’ status, letters and plans to sign.
      </Text>
      <Stack gap={8}>
        {alive.slice(0, LISTED).map((link) => (
          <Group key={link.id} gap={8} justify="space-between" wrap="nowrap">
            <Text size="sm">{said(link)}</Text>
            {may && (
              <Button
                size="compact-xs"
                variant="subtle"
                color="red"
                aria-label={`Close the link of ${day(link.created_at.slice(0, 10))}`}
                onClick={() => revoke.mutate({ path: { referrer_id: referrer.id, link_id: link.id } })}
              >
                Close
              </Button>
            )}
          </Group>
        ))}
        {alive.length > LISTED && (
          <Text size="xs" c="dimmed">
            and {alive.length - LISTED} more
          </Text>
        )}
        {create.data?.address && <Address address={create.data.address} />}
        {may && (
          <Button
            size="xs"
            variant="light"
            leftSection={<Link2 size={15} />}
            loading={create.isPending}
            onClick={() => create.mutate(path)}
          >
            Make a link
          </Button>
        )}
      </Stack>
    </section>
  );
}

function said(link: ReferrerLinkOut): string {
  const until = `until ${day(link.expires_at.slice(0, 10))}`;
  return link.opened_at ? `Opened, good ${until}` : `Not opened yet, good ${until}`;
}

function Address({ address }: { address: string }) {
  return (
    <div>
      <TextInput
        readOnly
        size="xs"
        label="The address, shown only now"
        value={address}
        onFocus={(event) => event.currentTarget.select()}
      />
      <CopyButton value={address} timeout={2500}>
        {({ copied, copy }) => (
          <Button
            mt={6}
            size="xs"
            variant="default"
            leftSection={copied ? <Check size={14} /> : <Copy size={14} />}
            onClick={copy}
          >
            {copied ? "Copied" : "Copy"}
          </Button>
        )}
      </CopyButton>
    </div>
  );
}
