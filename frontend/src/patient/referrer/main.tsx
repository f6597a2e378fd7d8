import { createRoot } from "react-dom/client";
import { App } from "./app";
import "../patient.css";
import "./referrer.css";

const place = document.getElementById("referrer");
if (place) createRoot(place).render(<App />);
