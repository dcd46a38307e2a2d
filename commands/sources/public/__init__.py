"""What of the library becomes public: its texts, data sets and files, without their hidden data."""
