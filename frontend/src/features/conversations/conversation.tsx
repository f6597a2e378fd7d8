import { ActionIcon, Button, Drawer, Tooltip } from "@mantine/core";
import { useDisclosure, useMediaQuery } from "@mantine/hooks";
import { ArrowLeft, Check, Info, Phone } from "lucide-react";
import { useEffect } from "react";
import { phone } from "../../shared/lib/format";
import { Failed, Loading } from "../../shared/ui/states";
import { useMay } from "../session";
import { AssignMenu } from "./assign-menu";
import { Composer } from "./composer";
import { ContextPanel } from "./context-panel";
import classes from "./inbox.module.css";
import { useMarkRead } from "./mutations";
import { type OpenConversation, useConversation } from "./queries";
import { Thread } from "./thread";
import { useLiveThread } from "./use-live-conversations";
import { nameOf } from "./wording";

interface Props {
  id: string;
  onBack: () => void;
  onSettle: (id: string) => void;
}

/** One conversation: its head, the thread, the composer, and who it is. */
export function Conversation({ id, onBack, onSettle }: Props) {
  const found = useConversation(id);
  useLiveThread(id);
  if (found.isPending) {
    return (
      <div className={classes.middle}>
        <Loading label="Loading the conversation" />
      </div>
    );
  }
  if (found.isError) {
    return (
      <div className={classes.middle}>
        <Failed error={found.error} retry={() => found.refetch()} />
        <Button variant="default" mx="md" onClick={onBack}>
          Back to the list
        </Button>
      </div>
    );
  }
  return <Opened conversation={found.data} onBack={onBack} onSettle={onSettle} />;
}

/** Whoever looks at it has read it. */
function useRead(conversation: OpenConversation): void {
  const mark = useMarkRead();
  const may = useMay("messages:write");
  const { id, unread, mention } = conversation;
  const news = (may && unread > 0) || mention === "unseen";
  useEffect(() => {
    if (!news) return;
    const see = () => document.visibilityState === "visible" && mark.mutate({ id, settled: false, may });
    see();
    document.addEventListener("visibilitychange", see);
    return () => document.removeEventListener("visibilitychange", see);
  }, [id, news, may, mark.mutate]);
}

function Opened({ conversation, onBack, onSettle }: { conversation: OpenConversation } & Omit<Props, "id">) {
  const wide = useMediaQuery("(min-width: 75em)", true);
  const [details, { open, close }] = useDisclosure();
  const may = useMay("messages:write");
  useRead(conversation);
  const name = nameOf(conversation);
  const shared = conversation.people.length > 1;
  const settled = !conversation.waiting && !conversation.undeliverable;
  return (
    <>
      <section className={classes.middle} aria-label={`Conversation with ${name}`}>
        <header className={classes.head}>
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label="Back to the list"
            onClick={onBack}
            className={classes.back}
          >
            <ArrowLeft size={20} />
          </ActionIcon>
          <div className={classes.headName}>
            <h2 className={classes.title} dir="auto" title={name}>
              {name}
            </h2>
            <span className={classes.sub}>
              <a href={`tel:${conversation.phone}`} className={classes.tel}>
                <Phone size={12} aria-hidden /> {phone(conversation.phone)}
              </a>
              {shared && <span className={classes.shared}>Shared phone: say whom you mean</span>}
            </span>
          </div>
          {may && <AssignMenu conversation={conversation} />}
          {may && (
            <Tooltip label={settled ? "Nothing waits here" : "Tick off: no answer is needed (e)"}>
              <Button
                size="xs"
                variant={settled ? "default" : "light"}
                className={classes.tick}
                aria-label="Tick off"
                disabled={settled}
                onClick={() => onSettle(conversation.id)}
              >
                <Check size={14} aria-hidden />
                <span className={classes.tickWord}>Tick off</span>
              </Button>
            </Tooltip>
          )}
          {!wide && (
            <ActionIcon variant="subtle" color="gray" size={32} aria-label="Who this is" onClick={open}>
              <Info size={18} />
            </ActionIcon>
          )}
        </header>
        <Thread conversation={conversation} />
        <Composer
          target={{ kind: "conversation", id: conversation.id }}
          conversation={conversation}
          verdict={conversation.verdict}
          consent={conversation.consent}
          phone={conversation.phone}
        />
      </section>
      {wide ? (
        <aside className={classes.context} aria-label="Who this is">
          <ContextPanel conversation={conversation} />
        </aside>
      ) : (
        <Drawer
          opened={details}
          onClose={close}
          position="right"
          size={340}
          title="Who this is"
          closeButtonProps={{ "aria-label": "Close" }}
        >
          <ContextPanel conversation={conversation} />
        </Drawer>
      )}
    </>
  );
}
