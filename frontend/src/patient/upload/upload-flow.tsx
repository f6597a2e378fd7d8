import type { FlowProps } from "../flow";
import { Waiting } from "../ui/waiting";

export default function UploadFlow(_: FlowProps) {
  return <Waiting />;
}
