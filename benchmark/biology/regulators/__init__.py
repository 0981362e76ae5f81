"""What vectors know of transcription factors."""
