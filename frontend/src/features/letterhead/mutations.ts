import { useMutation, useQueryClient } from "@tanstack/react-query";
import {
  getLetterheadQueryKey,
  removeLogoMutation,
  setLetterheadMutation,
  setLogoMutation,
} from "../../api/generated/@tanstack/react-query.gen";
import type { LetterheadOut } from "../../api/generated/types.gen";
import { done, failed } from "../../shared/ui/notify";

function useSaved(message: string) {
  const queries = useQueryClient();
  return {
    onSuccess: (saved: LetterheadOut) => {
      queries.setQueryData(getLetterheadQueryKey(), saved);
      done(message);
    },
    onError: failed,
  };
}

export const useSetLetterhead = () => useMutation({ ...setLetterheadMutation(), ...useSaved("Saved") });
/** What is wrong with a file is said beside it, and stays there. */
export const useSetLogo = () =>
  useMutation({ ...setLogoMutation(), ...useSaved("Logo set"), onError: undefined });
export const useRemoveLogo = () => useMutation({ ...removeLogoMutation(), ...useSaved("Logo removed") });
