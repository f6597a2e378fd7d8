import { Alert, Button, Group, PasswordInput, Text, TextInput, Title } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { problemOf } from "../../api/problem";
import { Failed, Loading } from "../../shared/ui/states";
import { useMay } from "../session";
import classes from "./insurance.module.css";
import { useUpdateClearinghouse } from "./mutations";
import { type ClearinghouseOut, useClearinghouse } from "./queries";

/** The practice's account at the clearinghouse. */
export function ClearinghouseForm() {
  const account = useClearinghouse();
  if (account.isPending) return <Loading label="Loading the clearinghouse" />;
  if (account.isError) return <Failed error={account.error} retry={() => account.refetch()} />;
  return <Form key={account.data.version} account={account.data} />;
}

const FIELDS = [
  ["organization", "Name of the practice", "As the payers have it", 60],
  ["npi", "NPI of the practice", "10 digits", 10],
  ["sender_id", "Our ID (sender)", "From the clearinghouse", 15],
  ["receiver_id", "Their ID (receiver)", "From the clearinghouse", 15],
  ["username", "User name", "", 50],
] as const;

function Form({ account }: { account: ClearinghouseOut }) {
  const may = useMay("settings:write");
  const update = useUpdateClearinghouse();
  const [values, setValues] = useState(() => ({
    organization: account.organization ?? "",
    npi: account.npi ?? "",
    sender_id: account.sender_id ?? "",
    receiver_id: account.receiver_id ?? "",
    username: account.username ?? "",
  }));
  const [password, setPassword] = useState("");
  const errors = new Map(
    update.isError ? problemOf(update.error).errors.map((error) => [error.pointer, error.detail]) : [],
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    update.mutate({ body: { ...values, version: account.version, password: password || null } });
  };
  return (
    <form className={classes.panel} onSubmit={submit} aria-labelledby="clearinghouse" autoComplete="off">
      <Title order={2} size="h4" id="clearinghouse">
        Asking payers electronically
      </Title>
      <Text size="sm" c="dimmed" mb="sm">
        Eligibility is asked in real time (X12 270/271) through your clearinghouse.
      </Text>
      {account.sandbox && (
        <Alert color="yellow" mb="sm" title="Sandbox">
          This installation asks an emulated clearinghouse: answers are made up and marked as such. Member IDs
          that begin with AUTH, INACTIVE, NOPT, OUTNET, NOTFOUND, WRONGDOB, DOWN or GARBLED show how else it
          can end.
        </Alert>
      )}
      {!account.reachable && (
        <Alert color="gray" mb="sm" title="Not connected">
          This installation knows no clearinghouse: whoever runs it sets ELIGIBILITY_URL. Until then benefits
          are verified by hand.
        </Alert>
      )}
      <div className={classes.fields}>
        {FIELDS.map(([name, label, description, most]) => (
          <TextInput
            key={name}
            label={label}
            description={description || undefined}
            required
            disabled={!may}
            maxLength={most}
            autoComplete="off"
            error={errors.get(`/${name}`)}
            value={values[name]}
            onChange={(event) => setValues({ ...values, [name]: event.currentTarget.value })}
          />
        ))}
        <PasswordInput
          label="Password"
          description={account.version > 0 ? "Empty: stays as it is" : undefined}
          required={account.version === 0}
          disabled={!may}
          maxLength={100}
          autoComplete="new-password"
          error={errors.get("/password")}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
      </div>
      {may && (
        <Group justify="flex-end" mt="md">
          <Button type="submit" loading={update.isPending}>
            Save account
          </Button>
        </Group>
      )}
    </form>
  );
}
