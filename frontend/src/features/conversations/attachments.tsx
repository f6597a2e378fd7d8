import { Button, Loader } from "@mantine/core";
import { Download, FileText, ImageOff } from "lucide-react";
import { useState } from "react";
import { useMay } from "../session";
import { useRetryAttachment } from "./file-mutations";
import type { AttachmentOut, MessageOut } from "./queries";
import classes from "./thread.module.css";

const PICTURES = new Set(["image/jpeg", "image/png", "image/gif", "image/webp"]);

/** `240 KB`, `1.3 MB`. */
function size(bytes: number | null): string {
  if (bytes === null) return "";
  return bytes < 1_000_000 ? `${Math.ceil(bytes / 1000)} KB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** `PDF`, `JPEG picture`, `MP4 video`: what the bytes say it is. */
function kind(type: string | null): string {
  const [family = "", name = ""] = (type ?? "").split("/");
  const what = { image: " picture", video: " video", audio: " recording" }[family] ?? "";
  return name ? `${name.replace(/^(x-|v)/, "").toUpperCase()}${what}` : "File";
}

/** Pictures and files of a text. Pictures are shown, everything else is opened or downloaded by a click. */
export function Attachments({ message }: { message: MessageOut }) {
  const whose = message.direction === "in" ? "from the patient" : "we sent";
  return (
    <ul className={classes.files}>
      {message.attachments?.map((file) => (
        <li key={file.id}>
          <File file={file} message={message} whose={whose} />
        </li>
      ))}
    </ul>
  );
}

function File({ file, message, whose }: { file: AttachmentOut; message: MessageOut; whose: string }) {
  const [broken, setBroken] = useState(false);
  if (file.state === "pending") {
    return (
      <span className={classes.file}>
        <Loader size={12} aria-hidden /> On its way
      </span>
    );
  }
  if (file.state === "failed" || !file.url) return <Failed file={file} message={message} />;
  const label = [kind(file.content_type), whose].join(" ");
  if (PICTURES.has(file.content_type ?? "") && !broken) {
    return (
      <a href={file.url} target="_blank" rel="noreferrer" className={classes.picture}>
        <img src={file.url} alt={label} loading="lazy" onError={() => setBroken(true)} />
      </a>
    );
  }
  const shown = file.content_type === "application/pdf";
  return (
    <a
      href={file.url}
      target="_blank"
      rel="noreferrer"
      className={classes.file}
      download={!shown || undefined}
    >
      {shown ? <FileText size={15} aria-hidden /> : <Download size={15} aria-hidden />}
      {kind(file.content_type)} {size(file.size)}
    </a>
  );
}

function Failed({ file, message }: { file: AttachmentOut; message: MessageOut }) {
  const retry = useRetryAttachment();
  const may = useMay("messages:write");
  return (
    <span className={classes.file} data-failed>
      <ImageOff size={15} aria-hidden /> This file did not come through
      {may && message.direction === "in" && (
        <Button
          size="compact-xs"
          variant="default"
          loading={retry.isPending}
          onClick={() => retry.mutate({ path: { message_id: message.id, attachment_id: file.id } })}
        >
          Fetch again
        </Button>
      )}
    </span>
  );
}
