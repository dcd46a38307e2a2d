-- Each message that is delivered looks for the question that it asks.
CREATE INDEX question_letter ON question (letter) WHERE letter IS NOT NULL;
