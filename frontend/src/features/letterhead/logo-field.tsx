import { Button, FileButton, Group, Stack, Text } from "@mantine/core";
import { ImageUp } from "lucide-react";
import { problemOf } from "../../api/problem";
import { useMay } from "../session";
import classes from "./letterhead.module.css";
import { useRemoveLogo, useSetLogo } from "./mutations";
import type { LetterheadOut } from "./queries";

const TYPES = "image/png,image/jpeg";

/** The logo, and another one in its place. */
export function LogoField({ saved }: { saved: LetterheadOut }) {
  const may = useMay("settings:write");
  const set = useSetLogo();
  const remove = useRemoveLogo();
  const query = { version: saved.version };
  return (
    <section aria-label="Logo">
      <Text fw={500} size="sm" mb={6}>
        Logo
      </Text>
      <div className={classes.logo}>
        <div className={classes.frame}>
          {saved.logo_url ? (
            <img src={saved.logo_url} alt={`Logo of ${saved.name ?? saved.practice}`} />
          ) : (
            <Text size="sm" c="dimmed">
              None yet
            </Text>
          )}
        </div>
        {may && (
          <Stack gap={6}>
            <Group gap="xs">
              <FileButton accept={TYPES} onChange={(file) => file && set.mutate({ body: file, query })}>
                {(props) => (
                  <Button
                    {...props}
                    variant="default"
                    size="sm"
                    leftSection={<ImageUp size={15} />}
                    loading={set.isPending}
                  >
                    {saved.logo_url ? "Choose another" : "Choose a logo"}
                  </Button>
                )}
              </FileButton>
              {saved.logo_url && (
                <Button
                  variant="subtle"
                  color="red"
                  size="sm"
                  loading={remove.isPending}
                  onClick={() => remove.mutate({ query })}
                >
                  Remove
                </Button>
              )}
            </Group>
            <Text size="xs" c="dimmed">
              PNG or JPEG, at most 2 MB. Letters show it in black and white.
            </Text>
          </Stack>
        )}
      </div>
      {set.isError && (
        <Text size="sm" c="#b42318" mt={6} role="alert">
          {problemOf(set.error).message}
        </Text>
      )}
    </section>
  );
}
