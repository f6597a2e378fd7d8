import { Button, Group, Text } from "@mantine/core";
import { day } from "../../shared/lib/format";
import { useAskAgain, useCancelRequest } from "./mutations";
import classes from "./outcomes.module.css";
import type { RequestOut } from "./queries";
import { OCCASIONS, requestWords } from "./wording";

/** Questions sent by link: answered, waiting, or never answered. */
export function Requests({ requests, may }: { requests: RequestOut[]; may: boolean }) {
  const shown = requests.filter((request) => request.state !== "canceled");
  if (shown.length === 0) return null;
  return (
    <>
      <Text size="sm" fw={600} mt={10}>
        Asked by text
      </Text>
      <ul className={classes.list}>
        {shown.map((request) => (
          <RequestLine key={request.id} request={request} may={may} />
        ))}
      </ul>
    </>
  );
}

function RequestLine({ request, may }: { request: RequestOut; may: boolean }) {
  const again = useAskAgain();
  const cancel = useCancelRequest();
  const path = { request_id: request.id };
  return (
    <li>
      <span className={classes.grow}>
        {day(request.created_at.slice(0, 10))} · {OCCASIONS[request.occasion].toLowerCase()} ·{" "}
        {requestWords(request)}
      </span>
      {may && request.state !== "done" && (
        <Group gap={4}>
          <Button
            size="compact-xs"
            variant="default"
            loading={again.isPending}
            onClick={() => again.mutate({ path })}
          >
            Text again
          </Button>
          <Button
            size="compact-xs"
            variant="subtle"
            color="gray"
            loading={cancel.isPending}
            onClick={() => cancel.mutate({ path })}
          >
            Cancel
          </Button>
        </Group>
      )}
    </li>
  );
}
