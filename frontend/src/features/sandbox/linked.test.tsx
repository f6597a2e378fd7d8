import { render, screen } from "@testing-library/react";
import { expect, it } from "vitest";
import { Linked } from "./linked";

it("makes our links, and nothing else, tappable", () => {
  render(
    <Linked text="Pick a time: https://pt.example.org/p#abc234 Or see https://example.org/p. <b>hi</b>" />,
  );
  const links = screen.getAllByRole("link");
  expect(links.map((link) => link.getAttribute("href"))).toEqual(["https://pt.example.org/p#abc234"]);
  expect(document.body.textContent).toContain("<b>hi</b>");
});
