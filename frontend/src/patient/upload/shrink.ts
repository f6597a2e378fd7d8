const MOST_PIXELS_WIDE = 2400;
const SMALL_ENOUGH = 1.5 * 1024 * 1024;
const QUALITY = 0.85;

/** A photo small enough for a slow phone line, large enough to read; whatever the phone can not draw stays as it is. */
export async function shrink(file: File): Promise<Blob> {
  if (!/^image\//.test(file.type) || file.size <= SMALL_ENOUGH) return file;
  try {
    const image = await drawn(file);
    const scale = Math.min(1, MOST_PIXELS_WIDE / Math.max(image.naturalWidth, image.naturalHeight));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(image.naturalWidth * scale);
    canvas.height = Math.round(image.naturalHeight * scale);
    const brush = canvas.getContext("2d");
    if (!brush) return file;
    brush.drawImage(image, 0, 0, canvas.width, canvas.height);
    URL.revokeObjectURL(image.src);
    const smaller = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
    return smaller && smaller.size < file.size ? smaller : file;
  } catch {
    return file;
  }
}

function drawn(file: File): Promise<HTMLImageElement> {
  return new Promise((done, failed) => {
    const image = new Image();
    image.onload = () => done(image);
    image.onerror = () => {
      URL.revokeObjectURL(image.src);
      failed(new Error("not a picture this phone can draw"));
    };
    image.src = URL.createObjectURL(file);
  });
}
