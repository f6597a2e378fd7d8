import type { PatientUploads, UploadOut } from "../../api/generated";
import { get, headers, newKey, read } from "../api";

export type Side = "front" | "back";
export type Facts = Partial<Record<"payer_name" | "member_id" | "group_number", string>>;

const LOOK_MS = 1500;
const LOOKS = 40;

/** Send one side of the card; the same key makes a repeat harmless. */
export async function sendPhoto(side: Side, file: File): Promise<string> {
  const answer = await fetch(`/api/v1/public/uploads/card_${side}`, {
    method: "POST",
    credentials: "same-origin",
    headers: { ...headers(newKey()), "Content-Type": file.type || "application/octet-stream" },
    body: file,
  });
  return read<UploadOut>(answer.status, await answer.text()).id;
}

/** Wait until the photo is read. Null where it could not be opened; what the card says where it could. */
export async function whatItSays(uploadId: string): Promise<Facts | null> {
  for (let look = 0; look < LOOKS; look += 1) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    const found = await get<PatientUploads>("uploads");
    const upload = found.items.filter((item) => item.id === uploadId)[0];
    if (upload?.state === "failed") return null;
    if (upload?.state === "read") return factsOf(found);
  }
  return {};
}

function factsOf(found: PatientUploads): Facts {
  const facts: Facts = {};
  for (const name of ["payer_name", "member_id", "group_number"] as const) {
    const value = found.card?.candidates[name]?.value;
    if (value) facts[name] = value;
  }
  return facts;
}
