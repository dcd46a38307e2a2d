-- Candidacies end at the instant against which they are held, whatever a zone's clocks do until then.
UPDATE job SET wall = NULL, zone = NULL WHERE feature = 'elections' AND name = 'opens';
