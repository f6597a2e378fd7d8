import { ActionIcon, CloseButton, FileButton, Tooltip } from "@mantine/core";
import { Paperclip } from "lucide-react";
import { failed } from "../../shared/ui/notify";
import classes from "./composer.module.css";
import type { DraftFile } from "./drafts";
import { useUploadFile } from "./file-mutations";

const TYPES = "image/jpeg,image/png,image/gif,application/pdf,text/vcard";
const MOST_BYTES = 5_000_000;
const MOST_FILES = 10;

interface Props {
  conversationId: string;
  files: DraftFile[];
  onAdd: (file: DraftFile) => void;
}

/** A picture, PDF or card to go with the text. */
export function AttachButton({ conversationId, files, onAdd }: Props) {
  const upload = useUploadFile();
  const choose = async (chosen: File[]) => {
    for (const file of chosen.slice(0, MOST_FILES - files.length)) {
      if (file.size > MOST_BYTES) {
        failed({ detail: "A text takes at most 5 MB. Make the picture smaller." });
        continue;
      }
      const made = await upload.mutateAsync({ conversationId, file }).catch(() => null);
      if (made) onAdd({ id: made.id, name: file.name });
    }
  };
  return (
    <FileButton multiple accept={TYPES} onChange={choose}>
      {(props) => (
        <Tooltip label="Send a picture or file">
          <ActionIcon
            {...props}
            variant="default"
            size={30}
            aria-label="Attach a picture or file"
            loading={upload.isPending}
            disabled={files.length >= MOST_FILES}
          >
            <Paperclip size={15} />
          </ActionIcon>
        </Tooltip>
      )}
    </FileButton>
  );
}

/** What goes with the text, each to be taken off again. */
export function AttachedFiles({ files, onRemove }: { files: DraftFile[]; onRemove: (id: string) => void }) {
  if (files.length === 0) return null;
  return (
    <ul className={classes.attached} aria-label="Goes with the text">
      {files.map((file) => (
        <li key={file.id}>
          <Paperclip size={12} aria-hidden />
          <span>{file.name}</span>
          <CloseButton size="xs" aria-label={`Take off ${file.name}`} onClick={() => onRemove(file.id)} />
        </li>
      ))}
    </ul>
  );
}
