import { defineConfig, mergeConfig } from "vite";
import patient from "./vite.patient.config.ts";

/** The referrer's page: built like the patient's, but apart from it, so that neither waits for the other's code. */
export default mergeConfig(
  patient,
  defineConfig({ build: { assetsDir: "assets/referrer", rolldownOptions: { input: "referrer.html" } } }),
);
