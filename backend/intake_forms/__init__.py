"""Forms a patient fills in: their definition and versions, answers, agreements, the chart's differences, the PDF."""
