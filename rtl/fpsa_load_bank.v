// One loadable value a column, all of them visible at once: offsets or thresholds.
//
// Index       2 * column + half; half 0 writes bits 31..0, half 1 the bits from 32 up.
//             Bits past Width are dropped, an index past the last column writes nothing.
// Contents    File = "" : undefined until loaded (registers that an ASIC maps to latches);
//             else read at time 0, one hexadecimal value a column.
// Latency     one cycle from we_i to values_o. Column c is values_o[c*Width +: Width].
// Simulation  writes one word at an index instead of comparing the index once a register: the same
//             values with far less code.
// Limits      1 <= Width <= 64, 1 <= Cols <= 2^19.
module fpsa_load_bank #(
  parameter Cols  = 256,
  parameter Width = 16,
  parameter File  = ""
) (
  // Load bus
  input  wire                  clk_i,
  input  wire                  we_i,
  input  wire [19:0]           index_i,
  input  wire [31:0]           data_i,
  // Held values
  output wire [Cols*Width-1:0] values_o
);

  localparam HALVES = (Width + 31) / 32;

  // Narrow banks leave bits of the load bus unread.
  wire unused_load = &{1'b0, index_i, data_i};

`ifdef SYNTHESIS

  genvar c, h;
  generate
    if (File == "") begin : gen_registers
      for (c = 0; c < Cols; c = c + 1) begin : gen_column
        for (h = 0; h < HALVES; h = h + 1) begin : gen_half
          localparam LOW  = 32 * h;
          localparam BITS = (Width - LOW > 32) ? 32 : Width - LOW;
          localparam [19:0] INDEX = 2 * c + h;

          fpsa_load_register #(
            .Width(BITS)
          ) u_register (
            .clk_i (clk_i),
            .we_i  (we_i && index_i == INDEX),
            .data_i(data_i[BITS-1:0]),
            .q_o   (values_o[c*Width+LOW +: BITS])
          );
        end
      end
    end else begin : gen_preset
      (* mem2reg *)
      reg [Width-1:0] values_q [0:Cols-1];

      initial $readmemh(File, values_q);

      for (c = 0; c < Cols; c = c + 1) begin : gen_column
        assign values_o[c*Width +: Width] = values_q[c];

        for (h = 0; h < HALVES; h = h + 1) begin : gen_half
          localparam LOW  = 32 * h;
          localparam BITS = (Width - LOW > 32) ? 32 : Width - LOW;
          localparam [19:0] INDEX = 2 * c + h;

          always @(posedge clk_i) begin
            if (we_i && index_i == INDEX) values_q[c][LOW +: BITS] <= data_i[BITS-1:0];
          end
        end
      end
    end
  endgenerate

`else

  localparam LOW_BITS = (Width < 32) ? Width : 32;

  reg  [Cols*Width-1:0] values_q;
  wire [31:0]           column = {13'd0, index_i[19:1]};
  wire                  write  = we_i && column < Cols;

  assign values_o = values_q;

  always @(posedge clk_i) begin
    if (write && !index_i[0]) values_q[column*Width +: LOW_BITS] <= data_i[LOW_BITS-1:0];
  end

  generate
    if (HALVES > 1) begin : gen_high
      always @(posedge clk_i) begin
        if (write && index_i[0]) values_q[column*Width+32 +: Width-32] <= data_i[Width-33:0];
      end
    end

    if (File != "") begin : gen_preset
      reg [Width-1:0] preset [0:Cols-1];
      integer         c;

      initial begin
        $readmemh(File, preset);
        for (c = 0; c < Cols; c = c + 1) values_q[c*Width +: Width] = preset[c];
      end
    end
  endgenerate

`endif

  generate
    if (Width < 1 || Width > 64 || Cols < 1 || Cols > 1 << 19) begin : gen_limits
      fpsa_load_bank_parameter_out_of_range u_limits ();
    end
  endgenerate

endmodule
