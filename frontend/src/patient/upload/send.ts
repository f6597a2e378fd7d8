import type { UploadOut } from "../../api/generated";
import { headers, PatientProblem, read } from "../api";

export const MOST_BYTES = 20 * 1024 * 1024;
const WAITS_MS = [1000, 4000];

/** Send a file and say how far it is. A lost connection is tried again with the same key: it is kept once. */
export async function send(
  kind: UploadOut["kind"],
  file: Blob,
  key: string,
  onPercent: (percent: number) => void,
): Promise<UploadOut> {
  for (const wait of WAITS_MS) {
    try {
      return await attempt(kind, file, key, onPercent);
    } catch (error) {
      const lost = error instanceof PatientProblem && (error.status === 0 || error.status >= 502);
      if (!lost) throw error;
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
  return attempt(kind, file, key, onPercent);
}

function attempt(
  kind: UploadOut["kind"],
  file: Blob,
  key: string,
  onPercent: (percent: number) => void,
): Promise<UploadOut> {
  return new Promise((done, failed) => {
    const request = new XMLHttpRequest();
    request.open("POST", `/api/v1/public/uploads/${kind}`);
    const given = headers(key);
    for (const name of Object.keys(given)) request.setRequestHeader(name, given[name] ?? "");
    request.setRequestHeader("Content-Type", file.type || "application/octet-stream");
    request.upload.onprogress = (event) =>
      event.lengthComputable && onPercent(Math.round((event.loaded / event.total) * 100));
    request.onerror = () => failed(new PatientProblem(0, {}));
    request.onload = () => {
      try {
        done(read<UploadOut>(request.status, request.responseText));
      } catch (error) {
        failed(error);
      }
    };
    request.send(file);
  });
}
