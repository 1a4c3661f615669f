import java.io.BufferedReader;
import java.io.File;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.logging.LogManager;

import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.ValidationResult;
import org.verapdf.pdfa.validation.profiles.Rule;
import org.verapdf.pdfa.validation.profiles.RuleId;

/**
 * Judges PDF files with veraPDF's engine.
 *
 * Reads lines of "flavour TAB file", writes one line of JSON for each, in order.
 */
public final class Validate {
    public static void main(String[] arguments) throws Exception {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        System.setOut(System.err); // what the engine says is not an answer
        LogManager.getLogManager().reset();
        VeraGreenfieldFoundryProvider.initialise();
        BufferedReader wanted = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = wanted.readLine(); line != null; line = wanted.readLine()) {
            String[] order = line.split("\t", 2);
            out.println(answer(PDFAFlavour.fromString(order[0]), order[0], order[1]));
        }
    }

    private static String answer(PDFAFlavour flavour, String name, String file) {
        StringBuilder json = new StringBuilder("{\"flavour\":" + quoted(name) + ",\"file\":" + quoted(file));
        if (flavour == PDFAFlavour.NO_FLAVOUR) {
            return json.append(",\"error\":\"no such flavour\"}").toString();
        }
        try (PDFAParser parser = Foundries.defaultInstance().createParser(new File(file), flavour);
             PDFAValidator validator = Foundries.defaultInstance().createValidator(flavour, false)) {
            ValidationResult result = validator.validate(parser);
            json.append(",\"compliant\":").append(result.isCompliant());
            json.append(",\"assertions\":").append(result.getTotalAssertions()).append(",\"failed\":[");
            String comma = "";
            for (Map.Entry<RuleId, Integer> failed : result.getFailedChecks().entrySet()) {
                RuleId rule = failed.getKey();
                Rule told = result.getValidationProfile().getRuleByRuleId(rule);
                json.append(comma).append("{\"clause\":").append(quoted(rule.getClause()));
                json.append(",\"test\":").append(rule.getTestNumber());
                json.append(",\"description\":").append(quoted(told == null ? "" : told.getDescription()));
                json.append(",\"count\":").append(failed.getValue()).append("}");
                comma = ",";
            }
            return json.append("]}").toString();
        } catch (Exception | LinkageError fault) { // a file that is no PDF, or JAXB is missing
            return json.append(",\"error\":").append(quoted(String.valueOf(fault))).append("}").toString();
        }
    }

    private static String quoted(String text) {
        StringBuilder json = new StringBuilder("\"");
        for (char letter : text.toCharArray()) {
            if (letter == '"' || letter == '\\') {
                json.append('\\').append(letter);
            } else if (letter < ' ') {
                json.append(String.format("\\u%04x", (int) letter));
            } else {
                json.append(letter);
            }
        }
        return json.append('"').toString();
    }
}
