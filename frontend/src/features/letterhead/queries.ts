import { useQuery } from "@tanstack/react-query";
import { getLetterheadOptions } from "../../api/generated/@tanstack/react-query.gen";

export type { LetterheadIn, LetterheadOut } from "../../api/generated/types.gen";

export const useLetterhead = () => useQuery(getLetterheadOptions());

/** An invented letter with the letterhead of this version: on paper, or as a fax machine prints it. */
export const sampleOf = (version: number, fax: boolean) =>
  `/api/v1/settings/letters/sample?${fax ? "fax=true&" : ""}v=${version}`;
