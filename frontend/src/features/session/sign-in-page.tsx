import { Alert, Button, PasswordInput, Stack, TextInput, Title } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { problemOf } from "../../api/problem";
import { useSignIn } from "./queries";
import classes from "./sign-in.module.css";

const POINTS = [
  "Every fax becomes a lead with a next step.",
  "The first call is never forgotten.",
  "The referring office hears back.",
];

export function SignInPage() {
  const signIn = useSignIn();
  const navigate = useNavigate();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");

  const submit = (event: FormEvent) => {
    event.preventDefault();
    signIn.mutate({ body: { email, password } }, { onSuccess: () => navigate({ to: "/board" }) });
  };

  return (
    <main className={classes.page}>
      <section className={classes.story} aria-label="About Frontdesk">
        <p className={classes.brand}>Frontdesk</p>
        <p className={classes.claim}>No referral gets lost.</p>
        <ul className={classes.points}>
          {POINTS.map((point) => (
            <li key={point}>{point}</li>
          ))}
        </ul>
      </section>
      <section className={classes.form}>
        <form onSubmit={submit}>
          <Stack w={340} maw="100%">
            <Title order={1} size="h2">
              Sign in
            </Title>
            {signIn.isError && (
              <Alert color="red" variant="light" role="alert">
                {problemOf(signIn.error).message}
              </Alert>
            )}
            <TextInput
              label="E-mail"
              type="email"
              autoComplete="username"
              required
              autoFocus
              value={email}
              onChange={(event) => setEmail(event.currentTarget.value)}
            />
            <PasswordInput
              label="Password"
              autoComplete="current-password"
              required
              value={password}
              onChange={(event) => setPassword(event.currentTarget.value)}
            />
            <Button type="submit" loading={signIn.isPending} size="md">
              Sign in
            </Button>
          </Stack>
        </form>
      </section>
    </main>
  );
}
