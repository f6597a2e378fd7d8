import { Button, Menu, Text } from "@mantine/core";
import { TextQuote } from "lucide-react";
import { useState } from "react";
import { Failed, Loading } from "../../shared/ui/states";
import classes from "./composer.module.css";
import { type FilledTemplate, useTemplates } from "./queries";

interface Props {
  conversationId: string | null;
  templates?: FilledTemplate[];
  onPick: (body: string) => void;
}

/** The practice's texts, filled for this patient. */
export function TemplatePicker({ conversationId, templates, onPick }: Props) {
  const [opened, setOpened] = useState(false);
  const found = useTemplates(conversationId ?? "", opened && conversationId !== null);
  // The question for consent has its own button: it goes out in its own right.
  const items = (templates ?? found.data?.items ?? []).filter((item) => item.id !== "consent_request");
  return (
    <Menu position="top-start" width={340} opened={opened} onChange={setOpened}>
      <Menu.Target>
        <Button size="xs" variant="default" leftSection={<TextQuote size={14} />}>
          Templates
        </Button>
      </Menu.Target>
      <Menu.Dropdown className={classes.templates}>
        {!templates && found.isPending && <Loading label="Loading templates" />}
        {found.isError && <Failed error={found.error} />}
        {items.map((item) => (
          <Menu.Item key={item.id} onClick={() => onPick(item.body)}>
            <Text size="sm" fw={600}>
              {item.name}
            </Text>
            <Text size="xs" c="dimmed" lineClamp={3}>
              {item.body}
            </Text>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
