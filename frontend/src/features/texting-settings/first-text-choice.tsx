import { Group, Radio, Stack, Text } from "@mantine/core";
import type { PolicyWords } from "./policy-sentence";
import type { ConsequenceOut } from "./queries";
import classes from "./texting-settings.module.css";

interface Props {
  choices: ConsequenceOut[];
  value: PolicyWords["first_text"];
  disabled: boolean;
  onChange: (value: PolicyWords["first_text"]) => void;
}

/** What happens with a number that came by fax, each choice with what it means. */
export function FirstTextChoice({ choices, value, disabled, onChange }: Props) {
  return (
    <Radio.Group
      label="When a patient's number came by fax"
      description="Who gave us the number themselves (web form, phone, at the desk) may be texted in any case."
      value={value}
      onChange={(next) => onChange(next as PolicyWords["first_text"])}
    >
      <Stack gap="xs" mt="xs">
        {choices.map((choice) => (
          <Radio.Card
            key={choice.first_text}
            value={choice.first_text}
            disabled={disabled}
            className={classes.choice}
            aria-describedby={`about-${choice.first_text}`}
          >
            <Group wrap="nowrap" align="flex-start" gap="sm">
              <Radio.Indicator mt={2} />
              <div>
                <Text fw={600} size="sm">
                  {choice.title}
                </Text>
                <Text size="sm" c="dimmed" id={`about-${choice.first_text}`}>
                  {choice.text}
                </Text>
              </div>
            </Group>
          </Radio.Card>
        ))}
      </Stack>
    </Radio.Group>
  );
}
