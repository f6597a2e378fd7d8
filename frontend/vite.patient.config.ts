import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** The patient's pages: their own bundle for old phones, beside the desk's app in `dist`. Written as React, run by
 * Preact: a sixth of the code to load and to start. */
export default defineConfig({
  plugins: [react()],
  resolve: {
    alias: {
      "react/jsx-runtime": "preact/jsx-runtime",
      "react-dom/client": "preact/compat/client",
      "react-dom": "preact/compat",
      react: "preact/compat",
    },
  },
  build: {
    outDir: "dist",
    emptyOutDir: false,
    copyPublicDir: false,
    assetsDir: "assets/patient",
    target: "es2019",
    cssTarget: ["chrome61", "safari11"],
    modulePreload: { polyfill: false },
    sourcemap: false,
    rolldownOptions: { input: "patient.html" },
  },
});
