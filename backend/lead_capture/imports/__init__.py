"""Files of an EMR: read, mapped, checked row by row, carried out once. What a row becomes is its kind's business."""
