import { createRoot } from "react-dom/client";
import { App } from "./app";
import { LanguageProvider } from "./words/language";
import "./patient.css";

const place = document.getElementById("patient");
if (place) {
  createRoot(place).render(
    <LanguageProvider>
      <App />
    </LanguageProvider>,
  );
}
