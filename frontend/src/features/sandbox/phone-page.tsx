import { Button, Stack, Text, TextInput, UnstyledButton } from "@mantine/core";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { ExternalLink, Smartphone } from "lucide-react";
import { useState } from "react";
import { moment, phone } from "../../shared/lib/format";
import { PageHead } from "../../shared/ui/page-head";
import { Empty, Failed, Loading } from "../../shared/ui/states";
import classes from "./phone.module.css";
import { PhoneFaults } from "./phone-faults";
import { type KnownPhone, usePhones } from "./phone-queries";
import { PhoneScreen } from "./phone-screen";

/** Play the patient: read what came, answer, send a photo, call; and make the carrier misbehave. */
export function PhonePage() {
  const phones = usePhones();
  const { number: asked } = useSearch({ from: "/desk/patients-phone" });
  const navigate = useNavigate();
  const choose = (number: string) => navigate({ to: "/patients-phone", search: { number }, replace: true });
  if (phones.isPending) return <Loading label="Loading phones" />;
  if (phones.isError) return <Failed error={phones.error} retry={() => phones.refetch()} />;
  const number = asked ?? phones.data[0]?.number;
  return (
    <div>
      <PageHead title="Patient's phone">
        <Button
          size="xs"
          variant="default"
          leftSection={<ExternalLink size={14} />}
          onClick={() => window.open(window.location.href, "patients-phone", "popup,width=460,height=900")}
        >
          Open beside the app
        </Button>
      </PageHead>
      <div className={classes.page}>
        <Phones phones={phones.data} chosen={number} choose={choose} />
        {number ? (
          <PhoneScreen key={number} number={number} />
        ) : (
          <div className={classes.device}>
            <Empty icon={<Smartphone size={34} color="#0f766e" />} title="No phone has been texted yet">
              Send a fax with a new patient, or type a number and write as that person.
            </Empty>
          </div>
        )}
        <PhoneFaults number={number} />
      </div>
    </div>
  );
}

interface PhonesProps {
  phones: KnownPhone[];
  chosen: string | undefined;
  choose: (number: string) => void;
}

function Phones({ phones, chosen, choose }: PhonesProps) {
  const [typed, setTyped] = useState("");
  const digits = typed.replace(/\D/g, "");
  const number = digits.length === 10 ? `+1${digits}` : digits.length > 10 ? `+${digits}` : null;
  return (
    <section className={classes.panel} aria-label="Phones">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (number) choose(number);
          setTyped("");
        }}
      >
        <TextInput
          label="Another number"
          placeholder="(217) 555-0142"
          inputMode="tel"
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          rightSectionWidth={64}
          rightSection={
            <Button type="submit" size="compact-xs" disabled={!number}>
              Take
            </Button>
          }
        />
      </form>
      <Stack gap={2} mt="sm" component="ul" className={classes.phones}>
        {phones.map((known) => (
          <li key={known.number}>
            <UnstyledButton
              className={classes.known}
              aria-current={known.number === chosen || undefined}
              onClick={() => choose(known.number)}
            >
              <Text size="sm" fw={600}>
                {phone(known.number)}
              </Text>
              <Text size="xs" c="dimmed" truncate>
                {known.last_text}
              </Text>
              <Text size="xs" c="dimmed">
                {moment(known.last_at)}
              </Text>
            </UnstyledButton>
          </li>
        ))}
      </Stack>
    </section>
  );
}
