"""WordprocessingML (.docx, .docm) read straight from its XML."""
