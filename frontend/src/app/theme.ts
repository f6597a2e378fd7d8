import { createTheme, type MantineColorsTuple } from "@mantine/core";

const desk: MantineColorsTuple = [
  "#effcf9",
  "#d8f5ef",
  "#b0ebe0",
  "#80ddce",
  "#4fc6b6",
  "#2aa99b",
  "#148a7f",
  "#0f766e",
  "#0d5f59",
  "#0b4f4a",
];

/** One look for the whole app: dense, calm, readable at arm's length. */
export const theme = createTheme({
  primaryColor: "desk",
  primaryShade: 7,
  colors: { desk },
  defaultRadius: "md",
  fontFamily: "Inter, ui-sans-serif, system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif",
  headings: { fontWeight: "650" },
  focusRing: "auto",
  cursorType: "pointer",
  components: {
    Button: { defaultProps: { size: "sm" } },
    Tooltip: { defaultProps: { openDelay: 400, withinPortal: true } },
    Modal: { defaultProps: { closeButtonProps: { "aria-label": "Close" } } },
    Notification: { defaultProps: { closeButtonProps: { "aria-label": "Dismiss" } } },
    Badge: { defaultProps: { tt: "none", fw: 550 } },
  },
});
