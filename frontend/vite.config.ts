import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const api = process.env.FRONTDESK_URL ?? "http://127.0.0.1:8000";

export default defineConfig({
  plugins: [react()],
  build: { outDir: "dist", sourcemap: false, chunkSizeWarningLimit: 900 },
  server: { proxy: { "/api": api, "/sandbox": api, "/webhooks": api } },
  test: { environment: "happy-dom", include: ["src/**/*.test.{ts,tsx}"] },
});
