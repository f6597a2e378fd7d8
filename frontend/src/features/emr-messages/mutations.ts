import { useMutation, useQueryClient } from "@tanstack/react-query";
import {
  decideHl7QuestionMutation,
  forgetHl7DecisionMutation,
} from "../../api/generated/@tanstack/react-query.gen";
import { done, failed } from "../../shared/ui/notify";

const SHOWN = new Set(["listHl7Questions", "countHl7Questions", "listHl7Senders"]);

function useFresh() {
  const queries = useQueryClient();
  return () =>
    queries.invalidateQueries({
      predicate: (query) => SHOWN.has((query.queryKey[0] as { _id?: string })?._id ?? ""),
    });
}

const SAID = {
  same: "Taken for this patient",
  new: "Taken for somebody new",
  leave_out: "Left out",
};

export function useDecide() {
  const fresh = useFresh();
  return useMutation({
    ...decideHl7QuestionMutation(),
    onSuccess: (_, { body }) => done(SAID[body.decision]),
    onError: failed,
    onSettled: fresh,
  });
}

export function useForget() {
  const fresh = useFresh();
  return useMutation({
    ...forgetHl7DecisionMutation(),
    onSuccess: () => done("You will be asked again next time"),
    onError: failed,
    onSettled: fresh,
  });
}
