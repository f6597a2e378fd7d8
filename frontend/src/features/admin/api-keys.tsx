import { Alert, Button, Code, CopyButton, Group, MultiSelect, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { ago } from "../../shared/lib/format";
import { useMay, useMe } from "../session";
import classes from "./admin.module.css";
import { DataTable } from "./data-table";
import { useCreateApiKey, useRevokeApiKey } from "./mutations";
import { useApiKeys } from "./queries";

/** Keys for programs; a secret is shown once. */
export function ApiKeys() {
  const keys = useApiKeys();
  const revoke = useRevokeApiKey();
  const may = useMay("api_keys:write");
  return (
    <>
      {may && <NewKey />}
      <DataTable
        label="API keys"
        head={["Name", "Scopes", "Last used", ""]}
        query={keys}
        empty="Make a key for each program that uses the API."
        rows={(keys.data?.items ?? []).map((key) => ({
          key: key.id,
          cells: [
            key.name,
            key.scopes.join(", "),
            key.last_used_at ? ago(key.last_used_at) : "never",
            may && (
              <Button
                key="revoke"
                size="compact-xs"
                variant="subtle"
                color="red"
                onClick={() => revoke.mutate({ path: { key_id: key.id } })}
              >
                Revoke
              </Button>
            ),
          ],
        }))}
      />
    </>
  );
}

function NewKey() {
  const create = useCreateApiKey();
  const { permissions } = useMe();
  const [name, setName] = useState("");
  const [scopes, setScopes] = useState<string[]>(["leads:read"]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate({ body: { name, scopes } }, { onSuccess: () => setName("") });
  };
  return (
    <form onSubmit={submit} className={classes.form}>
      <Group align="flex-end" gap="sm">
        <TextInput
          label="Name of the program"
          required
          maxLength={100}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <MultiSelect label="Scopes" miw={260} data={permissions} value={scopes} onChange={setScopes} />
        <Button type="submit" loading={create.isPending} disabled={!name || scopes.length === 0}>
          Make a key
        </Button>
      </Group>
      {create.data && (
        <Alert color="teal" mt="sm" title="Copy this key now. It is not shown again.">
          <Code>{create.data.secret}</Code>{" "}
          <CopyButton value={create.data.secret}>
            {({ copied, copy }) => (
              <Button size="compact-xs" variant="light" onClick={copy}>
                {copied ? "Copied" : "Copy"}
              </Button>
            )}
          </CopyButton>
        </Alert>
      )}
    </form>
  );
}
