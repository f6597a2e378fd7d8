import { lazy, Suspense } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app";
import { LanguageProvider } from "./words/language";
import "./patient.css";

// The settings page shows forms in a frame as patients will see them.
const Preview = lazy(() => import("./intake/preview"));
const place = document.getElementById("patient");
if (place) {
  createRoot(place).render(
    <LanguageProvider>
      {location.pathname === "/p/preview" ? (
        <Suspense fallback={null}>
          <Preview />
        </Suspense>
      ) : (
        <App />
      )}
    </LanguageProvider>,
  );
}
