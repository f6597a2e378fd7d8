import { PasswordInput, SegmentedControl, Select, Stack, Text, TextInput } from "@mantine/core";
import { HELP, type SignIn, WAYS, type Way } from "./sign-in";

interface Props {
  said: SignIn;
  /** Whether secrets of the same place are stored already. */
  kept: boolean;
  errors: Map<string, string>;
  onChange: (part: Partial<SignIn>) => void;
}

const FLOWS = [
  { value: "refresh_token", label: "For this mailbox" },
  { value: "client_credentials", label: "As the app itself" },
];

/** With what a mailbox is signed in to: a password, or what its provider's tokens are fetched with. */
export function SignInFields({ said, kept, errors, onChange }: Props) {
  const hidden = (name: "password" | "client_secret" | "refresh_token", label: string, required: boolean) => (
    <PasswordInput
      label={label}
      description={kept ? "Empty: stays as it is" : "Stored sealed, and never shown again."}
      required={required && !kept}
      autoComplete="new-password"
      error={errors.get(name === "password" ? "/password" : `/oauth/${name}`)}
      value={said[name]}
      onChange={(event) => onChange({ [name]: event.currentTarget.value })}
    />
  );
  const text = (name: "client_id" | "tenant" | "token_url" | "scope") => ({
    autoComplete: "off",
    error: errors.get(`/oauth/${name}`),
    value: said[name],
    onChange: (event: { currentTarget: { value: string } }) =>
      onChange({ [name]: event.currentTarget.value }),
  });
  return (
    <Stack gap="sm">
      <Select
        label="Sign in with"
        description={HELP[said.way]}
        inputWrapperOrder={["label", "input", "description", "error"]}
        allowDeselect={false}
        data={WAYS}
        error={errors.get("/oauth")}
        value={said.way}
        onChange={(value) => value && onChange({ way: value as Way })}
      />
      {said.way === "password" ? (
        hidden("password", "Password", true)
      ) : (
        <>
          {said.way !== "google" && (
            <div>
              <Text size="sm" fw={500} mb={4} id="flow-label">
                Tokens are given
              </Text>
              <SegmentedControl
                fullWidth
                aria-labelledby="flow-label"
                data={FLOWS}
                value={said.flow}
                onChange={(value) => onChange({ flow: value as SignIn["flow"] })}
              />
            </div>
          )}
          {said.way === "microsoft" && (
            <TextInput
              label="Directory (tenant)"
              placeholder="northside.example.org"
              required
              {...text("tenant")}
            />
          )}
          {said.way === "other" && (
            <>
              <TextInput
                label="Token address"
                placeholder="https://login.example.org/oauth/token"
                required
                {...text("token_url")}
              />
              <TextInput label="Scope" {...text("scope")} />
            </>
          )}
          <TextInput label="Client id" required {...text("client_id")} />
          {hidden(
            "client_secret",
            "Client secret",
            said.way === "google" || said.flow === "client_credentials",
          )}
          {(said.way === "google" || said.flow === "refresh_token") &&
            hidden("refresh_token", "Refresh token", true)}
        </>
      )}
    </Stack>
  );
}
