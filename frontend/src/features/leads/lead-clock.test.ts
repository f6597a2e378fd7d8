import { expect, it } from "vitest";
import { long } from "./lead-clock";

it("says minutes as people do", () => {
  expect([35, 60, 130, 1440, 1500].map(long)).toEqual(["35 min", "1 h", "2 h 10 min", "1 d", "1 d 1 h"]);
});
